/** A provider reads the groups of a user only where the response shows them. @see RFC 7644 §3.9 */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { Needs, ResourceProvider } from '../../src/entry-points/provider.js'
import { enterprise, made, serve, user } from '../support/server.js'

function watched(): { readonly provider: ResourceProvider; readonly taken: () => readonly Needs['derived'][] } {
  const inner = memoryProvider()
  const asked: Needs['derived'][] = []
  return {
    provider: {
      ...inner,
      read(ref, needs, context) {
        asked.push(needs.derived)
        return inner.read(ref, needs, context)
      },
      query(type, query, context) {
        asked.push(query.needs.derived)
        return inner.query(type, query, context)
      },
    },
    taken: () => asked.splice(0),
  }
}

const boss = { [enterprise]: { manager: { value: 'boss' } } }
const change = (title: string) => [{ op: 'replace', path: 'title', value: title }]

describe('groups are read only where they are shown', () => {
  test.each<[string, boolean]>([
    ['', true],
    ['?attributes=groups', true],
    ['?attributes=groups.value', true],
    ['?attributes=userName', false],
    ['?excludedAttributes=groups', false],
    ['?excludedAttributes=GROUPS,title', false],
    [`?attributes=userName,${enterprise}:manager`, false],
  ])('GET, list, .search, PUT and PATCH with "%s": %p', async (query, asksForGroups) => {
    const { provider, taken } = watched()
    const server = serve({ provider })
    const { path } = await made(server, user('one', boss))
    taken()
    const list = path.slice(0, path.lastIndexOf('/'))
    const requests: readonly [string, () => Promise<{ readonly status: number }>][] = [
      ['GET', () => server.get(`${path}${query}`)],
      ['list', () => server.get(`${list}${query}`)],
      ['cursor', () => server.get(`${list}${query === '' ? '?' : `${query}&`}cursor=`)],
      ['sorted', () => server.get(`${list}${query === '' ? '?' : `${query}&`}sortBy=userName`)],
      ['root', () => server.get(`${query === '' ? '?' : `${query}&`}filter=userName%20pr`)],
      ['PUT', () => server.put(`${path}${query}`, user('one', { title: 'put', ...boss }))],
      ['PATCH', () => server.patch(`${path}${query}`, change('patched'))],
    ]
    for (const [name, request] of requests) {
      expect([name, (await request()).status]).toEqual([name, 200])
      const needs = taken()
      expect(needs.length).toBeGreaterThan(0)
      expect([name, needs.includes(true)]).toEqual([name, asksForGroups])
    }
  })

  test('a response without a body reads none', async () => {
    const { provider, taken } = watched()
    const server = serve({ provider })
    const { path } = await made(server, user('one', boss))
    taken()
    const minimal = { prefer: 'return=minimal' }
    expect((await server.put(path, user('one', { title: 'put' }), minimal)).status).toBe(204)
    expect((await server.patch(path, change('patched'), minimal)).status).toBe(204)
    expect((await server.del(path)).status).toBe(204)
    expect(taken().every((derived) => derived === false)).toBe(true)
  })

  test('the response to a write with a new manager has the name of that one and the groups, and loses a name that no longer applies', async () => {
    const server = serve()
    const name = (json: unknown): unknown =>
      (json as Record<string, { readonly manager?: { readonly displayName?: string } }>)[enterprise]?.manager
        ?.displayName
    const idOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
    const [known, nameless] = [
      await made(server, user('known', { displayName: 'Known' })),
      await made(server, user('nameless')),
    ]
    const managed = (id: string) => ({ [enterprise]: { manager: { value: id } } })
    const { path } = await made(server, user('one', managed(idOf(nameless.path))))
    const group = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'G',
      members: [{ value: idOf(path) }],
    }
    expect((await server.post('/Groups', group)).status).toBe(201)
    const named = await server.put(path, user('one', managed(idOf(known.path))))
    expect([name(named.json), named.json.groups]).toMatchObject(['Known', [{ display: 'G' }]])
    const unnamed = await server.put(path, user('one', managed(idOf(nameless.path))))
    expect([name(unnamed.json), unnamed.json.groups]).toMatchObject([undefined, [{ display: 'G' }]])
  })
})
