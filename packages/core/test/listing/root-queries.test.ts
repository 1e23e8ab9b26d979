/** Lists of all types, at the root. RFC 7644 §3.4.2.1, §3.4.3; RFC 9865. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import fc from 'fast-check'
import { compareSortKeys } from '../../src/filter/evaluation/sort-key.js'
import { groupType, type ResourceTypeDefinition, userType } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import type { ResourceProvider } from '../../src/provider/provider.js'
import { caseKey } from '../../src/schema/case-key.js'
import type { ScimOptions } from '../../src/settings/options.js'
import { type Answered, group, made, mount, type Server, serve, user } from '../support/server.js'

const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

const badgeType: ResourceTypeDefinition = {
  name: 'Badge',
  endpoint: '/Badges',
  schema: {
    id: 'urn:example:Badge',
    name: 'Badge',
    // Of the same names as attributes of users, and of other types.
    attributes: { displayName: { caseExact: true }, active: { type: 'integer' }, title: { type: 'decimal' } },
  },
}
const resourceTypes = [userType, groupType, badgeType]

const resources = ({ json }: Answered): readonly JsonObject[] => json.Resources as readonly JsonObject[]
const names = (answer: Answered): readonly unknown[] =>
  resources(answer).map(({ displayName, id }) => displayName ?? id)

/** Makes the resources, in this order. */
async function filled(all: readonly JsonObject[], options: Partial<ScimOptions> = {}): Promise<Server> {
  const server = serve({ resourceTypes, ...options })
  for (const body of all) {
    const path = 'userName' in body ? '/Users' : 'schemas' in body ? '/Groups' : '/Badges'
    const { status, json } = await server.post(path, body)
    if (status !== 201) throw new Error(JSON.stringify(json))
  }
  return server
}

const badge = (displayName: string, attributes: JsonObject = {}): JsonObject => ({ displayName, ...attributes })
const person = (displayName: string, attributes: JsonObject = {}): JsonObject =>
  user(`${displayName}@x`, { displayName, ...attributes })

const few = [
  person('ann', { title: 'Countess', active: true }),
  group('Crew'),
  badge('Ann', { active: 2 }),
  person('bob', { nickName: 'b' }),
  group('able'),
  person('zoë'),
]

describe('one list', () => {
  const place = filled(few)

  test('of all resources: type by type without a sort', async () => {
    const answer = await (await place).get('/')
    expect(answer.json).toMatchObject({ schemas: [listUrn], totalResults: 6, startIndex: 1, itemsPerPage: 6 })
    expect(names(answer)).toEqual(['ann', 'bob', 'zoë', 'Crew', 'able', 'Ann'])
    const types = resources(answer).map(({ meta }) => (meta as JsonObject).resourceType)
    expect(types).toEqual(['User', 'User', 'User', 'Group', 'Group', 'Badge'])
    for (const { meta } of resources(answer)) {
      const { location, resourceType } = meta as JsonObject
      expect(location).toContain(`/${String(resourceType)}s/`)
    }
  })

  test.each<[string, readonly string[], number]>([
    ['startIndex=2&count=2', ['bob', 'zoë'], 6],
    ['startIndex=3&count=3', ['zoë', 'Crew', 'able'], 6],
    ['startIndex=5', ['able', 'Ann'], 6],
    ['startIndex=7', [], 6],
    ['count=0', [], 6],
    ['sortBy=displayName', ['Ann', 'able', 'ann', 'bob', 'Crew', 'zoë'], 6],
    ['sortBy=displayName&sortOrder=descending', ['zoë', 'Crew', 'bob', 'ann', 'able', 'Ann'], 6],
    ['sortBy=displayName&startIndex=3&count=2', ['ann', 'bob'], 6],
    ['sortBy=displayName&startIndex=7', [], 6],
    ['sortBy=displayName&count=0', [], 6],
    // Only users have it: the others have no data, so they come last, and first when descending (§3.4.2.3).
    ['sortBy=nickName', ['bob', 'ann', 'zoë', 'Crew', 'able', 'Ann'], 6],
    ['sortBy=nickName&sortOrder=descending', ['ann', 'zoë', 'Crew', 'able', 'Ann', 'bob'], 6],
    ['sortBy=userName&sortOrder=descending', ['Crew', 'able', 'Ann', 'zoë', 'bob', 'ann'], 6],
    // A boolean here, a number there.
    ['sortBy=active', ['ann', 'Ann', 'bob', 'zoë', 'Crew', 'able'], 6],
    ['sortBy=nothing', ['ann', 'bob', 'zoë', 'Crew', 'able', 'Ann'], 6],
    ['sortBy=meta.resourceType', ['Ann', 'Crew', 'able', 'ann', 'bob', 'zoë'], 6],
    ['filter=displayName sw "a"', ['ann', 'able'], 2],
    ['filter=meta.resourceType eq "User"', ['ann', 'bob', 'zoë'], 3],
    [
      'filter=(meta.resourceType eq "User") or (meta.resourceType eq "Group")',
      ['ann', 'bob', 'zoë', 'Crew', 'able'],
      5,
    ],
    ['filter=meta.resourceType ne "User" and displayName co "e"', ['Crew', 'able'], 2],
    ['filter=meta.resourceType eq "Nothing"', [], 0],
    ['filter=nickName pr', ['bob'], 1],
    ['filter=not (nickName pr)', ['ann', 'zoë', 'Crew', 'able', 'Ann'], 5],
    ['filter=nickName ne "b"', ['ann', 'zoë', 'Crew', 'able', 'Ann'], 5],
    ['filter=nickName eq null&sortBy=displayName&count=2', ['Ann', 'able'], 5],
    ['filter=nothing pr', [], 0],
    ['filter=', ['ann', 'bob', 'zoë', 'Crew', 'able', 'Ann'], 6],
  ])('%s', async (query, shown, totalResults) => {
    const answer = await (await place).get(`/?${encodeURI(query)}`)
    expect(answer.json).toMatchObject({ totalResults, itemsPerPage: shown.length })
    expect(names(answer)).toEqual(shown)
  })

  test('a projection shows the attributes that each type has', async () => {
    const { json } = await (await place).get(
      '/?attributes=userName,displayName&sortBy=displayName&startIndex=2&count=2',
    )
    expect(json.Resources).toEqual([
      { schemas: expect.any(Array), id: expect.any(String), displayName: 'able' },
      { schemas: expect.any(Array), id: expect.any(String), displayName: 'ann', userName: 'ann@x' },
    ])
  })

  test('POST /.search is the GET of the same (§3.4.3)', async () => {
    const server = await place
    const body = {
      schemas: [searchUrn],
      filter: 'displayName sw "a"',
      sortBy: 'displayName',
      attributes: ['displayName'],
    }
    const query = 'filter=displayName+sw+%22a%22&sortBy=displayName&attributes=displayName'
    expect(await server.post('/.search', body)).toEqual(await server.get(`/?${query}`))
    expect((await server.post('/.search', {})).json).toMatchObject({ totalResults: 6 })
  })

  test.each(['', '/'])('the root is at %j too, HEAD has no body', async (end) => {
    const server = await place
    const get = await server.ask({ target: `${mount}${end}` })
    expect(get.json).toMatchObject({ totalResults: 6 })
    const head = await server.ask({ method: 'HEAD', target: `${mount}${end}` })
    expect(head).toEqual({ ...get, text: null, json: {} })
  })

  test.each([
    ['/', ['POST', 'PUT', 'PATCH', 'DELETE'], 'GET, HEAD'],
    ['/.search', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'], 'POST'],
  ] as const)('%s: %j are 405', async (path, methods, allow) => {
    const server = await place
    for (const method of methods) {
      const { status, headers } = await server.ask({ method, target: `${mount}${path}`, body: {} })
      expect({ method, status, allow: headers.Allow }).toEqual({ method, status: 405, allow })
    }
    expect((await server.get('/.search/x')).status).toBe(404)
  })
})

describe('refused', () => {
  test.each([
    ['/?filter=password%20pr', 403, 'sensitive'],
    ['/?sortBy=password', 403, 'sensitive'],
    ['/?filter=userName', 400, 'invalidFilter'],
    ['/?sortBy=name', 400, 'invalidPath'],
    ['/?sortOrder=up', 400, 'invalidValue'],
    ['/?attributes=a&excludedAttributes=b', 400, 'invalidValue'],
  ])('%s', async (path, status, scimType) => {
    expect(await serve().get(path)).toMatchObject({ status, json: { scimType } })
  })

  test('a secret by POST is 400, so that 403 does not reveal which callers may read an attribute', async () => {
    for (const body of [{ filter: 'password pr' }, { sortBy: 'password' }]) {
      expect(await serve().post('/.search', body)).toMatchObject({ status: 400, json: { scimType: 'invalidFilter' } })
    }
  })

  test('in strict: an attribute that no type has, but not one that some type has', async () => {
    const server = await filled(few.slice(0, 2).concat(few.slice(3)), { interop: 'strict' })
    expect(await server.get('/?filter=nothing%20pr')).toMatchObject({
      status: 400,
      json: { scimType: 'invalidFilter' },
    })
    expect(await server.get('/?sortBy=nothing')).toMatchObject({ status: 400, json: { scimType: 'invalidPath' } })
    expect((await server.get('/?filter=nickName%20pr')).json).toMatchObject({ totalResults: 1 })
    expect((await server.get('/?sortBy=nickName')).json).toMatchObject({ totalResults: 5 })
  })

  test('a sorted list by startIndex, too deep: 400 tooMany that names the alternative', async () => {
    const server = await filled(few, { limits: { mergedResults: 4 } })
    expect((await server.get('/?sortBy=displayName&startIndex=3&count=2')).status).toBe(200)
    const refused = await server.get('/?sortBy=displayName&startIndex=3&count=3')
    expect(refused).toMatchObject({ status: 400, json: { scimType: 'tooMany' } })
    expect(refused.json.detail).toContain('cursor')
    // One type alone is no merge, and an unsorted list none either.
    expect((await server.get('/?startIndex=3&count=3')).status).toBe(200)
    expect((await server.get('/?sortBy=displayName&filter=meta.resourceType%20eq%20%22User%22')).status).toBe(200)
  })
})

test('types that cannot match are not queried, whatever the question', async () => {
  const memory = memoryProvider()
  const asked: string[] = []
  const provider: ResourceProvider = {
    ...memory,
    query: (type, query, context) => {
      asked.push(type)
      return memory.query(type, query, context)
    },
  }
  const server = await filled(few, { provider })
  for (const query of ['', '&sortBy=displayName', '&cursor=', '&cursor=&sortBy=displayName']) {
    await server.get(`/?filter=meta.resourceType%20eq%20%22Group%22%20and%20displayName%20pr${query}`)
    expect(new Set(asked.splice(0))).toEqual(new Set(['Group']))
  }
  await server.get('/?filter=userName%20eq%20%22ann@x%22')
  expect(asked.splice(0)).toEqual(['User'])
})

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

/** All pages of a walk, and the changes between them. */
async function walked(
  server: Server,
  query: string,
  count: number,
  between: () => Promise<void> = async () => {},
): Promise<readonly JsonObject[]> {
  const seen: JsonObject[] = []
  let cursor = ''
  for (let page = 0; page < 200; page++) {
    const answer = await server.get(`/?${query}&count=${count}&cursor=${cursor}`)
    expect(answer).toMatchObject({ status: 200 })
    expect(resources(answer).length).toBeLessThanOrEqual(count)
    seen.push(...resources(answer))
    if (answer.json.nextCursor === undefined) return seen
    // The last page is known to be the last: each page has resources.
    expect(resources(answer).length).toBeGreaterThan(0)
    cursor = String(answer.json.nextCursor)
    await between()
  }
  throw new Error('the walk does not end')
}

const texts = fc.constantFrom('a', 'A', 'b', 'ab', 'é', '\u{1f98a}', '\uff5e')
const anyResource = fc.oneof(
  fc.record({
    kind: fc.constant('user'),
    displayName: fc.option(texts),
    title: fc.option(texts),
    active: fc.option(fc.boolean()),
  }),
  fc.record({ kind: fc.constant('group'), displayName: texts }),
  fc.record({
    kind: fc.constant('badge'),
    displayName: fc.option(texts),
    title: fc.option(fc.integer({ min: -2, max: 2 })),
    active: fc.option(fc.integer({ min: 0, max: 2 })),
  }),
)

test('pages by index and by cursor are one list, sorted, with everything in it once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyResource, { maxLength: 14 }),
      fc.constantFrom('displayName', 'title', 'active', 'userName', 'meta.created', 'id', ''),
      fc.boolean(),
      fc.constantFrom('', 'displayName pr', 'not (title eq null)', 'meta.resourceType ne "Group"'),
      async (all, sortBy, descending, filter) => {
        const bodies = all.map(({ kind, ...attributes }, i): JsonObject => {
          const body = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
          if (kind === 'user') return user(`u${i}`, body)
          return kind === 'group' ? { ...group(String(attributes.displayName)), ...body } : body
        })
        const server = await filled(bodies)
        const order = descending ? '&sortOrder=descending' : ''
        const query = `filter=${encodeURIComponent(filter)}${sortBy === '' ? '' : `&sortBy=${sortBy}${order}`}`
        const whole = resources(await server.get(`/?${query}`))
        const ids = whole.map(({ id }) => id)
        // Only the types decide which resources are in it.
        const apart: JsonObject[] = []
        for (const type of ['Users', 'Groups', 'Badges']) {
          const known = filter === 'not (title eq null)' && type === 'Groups' ? 'displayName eq "none of them"' : filter
          apart.push(
            ...resources(
              await server.get(`/${type}?${query.replace(encodeURIComponent(filter), encodeURIComponent(known))}`),
            ),
          )
        }
        expect([...ids].sort()).toEqual(apart.map(({ id }) => id).sort())
        const keys = whole.map((resource) => keyOf(resource, sortBy))
        for (let i = 1; i < keys.length; i++) {
          const [left, right] = [keys[i - 1], keys[i]]
          if (typeof left !== typeof right && left !== undefined && right !== undefined) continue
          expect(compareSortKeys(left, right, descending)).toBeLessThanOrEqual(0)
        }
        for (const count of [1, 3, 14]) {
          const pages: unknown[] = []
          for (let start = 1; start <= Math.max(ids.length, 1); start += count) {
            const answer = await server.get(`/?${query}&startIndex=${start}&count=${count}`)
            expect(answer.json.totalResults).toBe(ids.length)
            pages.push(...resources(answer).map(({ id }) => id))
          }
          expect(pages).toEqual(ids)
          expect((await walked(server, query, count)).map(({ id }) => id)).toEqual(ids)
        }
      },
    ),
    { numRuns: 40 },
  )
}, 60_000)

// In the order of the sort; names ignore case except for badges, whose case counts, so only others are compared.
function keyOf(resource: JsonObject, sortBy: string): string | number | boolean | undefined {
  if (sortBy === '' || sortBy === 'id' || sortBy.includes('.')) return undefined
  const value = resource[sortBy]
  if (typeof value !== 'string')
    return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : undefined
  return (resource.meta as JsonObject).resourceType === 'Badge' ? value : caseKey(value)
}

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
