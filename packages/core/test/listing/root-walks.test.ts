/** Walks by cursor through a list of all types: cost, concurrent changes, large groups, derived sort values. */
import { expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { ResourceProvider } from '../../src/provider/provider.js'
import { group, made, serve, user } from '../support/server.js'
import { filled, names, person, resources, resourceTypes, walked } from './support/root-lists.js'

test('the cost of a page does not grow with the list: two queries a type at most', async () => {
  const memory = memoryProvider()
  let asked = 0
  let read = 0
  const provider: ResourceProvider = {
    ...memory,
    query: async (type, query, context) => {
      const page = await memory.query(type, query, context)
      asked += 1
      read += page.resources.length
      return page
    },
  }
  const all = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? person(`p${i}`) : group(`g${i}`)))
  const server = await filled(all, { provider })
  for (const sort of ['', '&sortBy=displayName']) {
    let cursor = ''
    do {
      ;[asked, read] = [0, 0]
      const { json } = await server.get(`/?count=7&cursor=${cursor}${sort}`)
      expect(asked).toBeLessThanOrEqual(6)
      expect(read).toBeLessThanOrEqual(3 * 7 + 7)
      cursor = String(json.nextCursor ?? '')
    } while (cursor !== '')
  }
})

test('a resource that exists during a whole walk is seen once, with any concurrent inserts and removals', async () => {
  for (const query of ['', 'sortBy=displayName', 'sortBy=displayName&sortOrder=descending', 'sortBy=nickName']) {
    const server = serve({ resourceTypes })
    const stay: string[] = []
    const leave: string[] = []
    for (let i = 0; i < 24; i++) {
      const name = `n${(i * 7) % 10}`
      const { path, id } = await made(server, i % 2 === 0 ? user(`u${i}`, { displayName: name }) : group(name))
      if (i % 4 < 2) stay.push(id)
      else leave.push(path)
    }
    let turn = 0
    const seen = await walked(server, query, 3, async () => {
      turn += 1
      await server.del(leave.splice(turn % Math.max(leave.length, 1), 1)[0] ?? '/Users/none')
      if (turn < 6) await made(server, turn % 2 === 0 ? user(`new${turn}`, { displayName: 'n3' }) : group('n5'))
    })
    const ids = seen.map(({ id }) => String(id))
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
    expect(stay.filter((id) => !ids.includes(id))).toEqual([])
  }
})

test('a page of large groups among users stops, and the walk skips none', async () => {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`)
  const all = [person('a'), group('b', ids(6)), person('c'), group('d', ids(6)), group('e', ids(30)), person('f')]
  const server = await filled(all, { limits: { pageMembers: 10 } })
  for (const query of ['', 'sortBy=displayName']) {
    const seen = await walked(server, query, 6)
    expect(seen.map(({ displayName }) => displayName).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(seen.find(({ displayName }) => displayName === 'e')?.members).toHaveLength(30)
  }
  expect(names(await server.get('/?sortBy=displayName'))).toEqual(['a', 'b', 'c'])
})

test('sorted by values outside the document: members, groups, a manager’s name, times', async () => {
  const server = serve()
  const bob = await made(server, user('bob', { displayName: 'Bob' }))
  const zoe = await made(server, user('zoe', { displayName: 'Zoe' }))
  const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
  server.pass(1_000)
  for (const [name, manager] of [
    ['x', zoe],
    ['y', bob],
  ] as const) {
    await made(server, user(name, { schemas: [core, enterprise], [enterprise]: { manager: { value: manager.id } } }))
  }
  await made(server, group('g', [zoe.id]))
  await made(server, group('h', [bob.id]))
  const shown = async (query: string): Promise<string> => {
    const byIndex = resources(await server.get(`/?${query}`))
    expect((await walked(server, query, 2)).map(({ id }) => id)).toEqual(byIndex.map(({ id }) => id))
    return byIndex.map(({ userName, displayName }) => userName ?? displayName).join(' ')
  }
  expect(await shown('sortBy=manager.displayName')).toBe('y x bob zoe g h')
  expect(await shown('sortBy=members.value')).toBe('h g bob zoe x y')
  expect(await shown('sortBy=groups.display')).toBe('zoe bob x y g h')
  expect(await shown('sortBy=meta.created&sortOrder=descending')).toBe('x y g h bob zoe')
})

const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
