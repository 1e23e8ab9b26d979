/** Lists of all types, at the root. RFC 7644 §3.4.2.1, §3.4.3; RFC 9865. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { JsonObject } from '../../src/json/value.js'
import type { ResourceProvider } from '../../src/provider/provider.js'
import { group, mount, serve } from '../support/server.js'
import { filled, names, person, resources } from './support/root-lists.js'

const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
const badge = (displayName: string, attributes: JsonObject = {}): JsonObject => ({ displayName, ...attributes })

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
