/** Lists, pages and searches. RFC 7644 §3.4.2, §3.4.3; FP-H1, FP-H2, FP-H3. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { core, group, made, mount, type Server, serve, user } from '../support/server.js'

const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

async function crowd(count: number, options: Parameters<typeof serve>[0] = {}): Promise<Server> {
  const server = serve(options)
  for (let i = 0; i < count; i++) {
    await server.post('/Users', user(`user${String(i).padStart(3, '0')}`, { title: `t${i % 3}` }))
  }
  return server
}
const names = (list: JsonObject): readonly unknown[] =>
  (list.Resources as readonly JsonObject[]).map(({ userName }) => userName)

test('an empty list has all its members (IDP-S1: Entra’s test connection)', async () => {
  const { status, json, headers } = await serve().get('/Users?filter=userName%20eq%20%22nobody%22')
  expect(status).toBe(200)
  expect(json).toEqual({ schemas: [listUrn], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] })
  expect(headers).toEqual({
    'Cache-Control': 'private, no-cache',
    'Content-Type': 'application/scim+json',
    Vary: 'Accept, Authorization',
    'X-Content-Type-Options': 'nosniff',
  })
})

describe('pages (RFC 7644 §3.4.2.4), of 250 users', () => {
  const place = crowd(250)
  test.each<[string, number, number, string | undefined]>([
    ['', 1, 100, 'user000'],
    ['count=10', 1, 10, 'user000'],
    ['startIndex=11&count=10', 11, 10, 'user010'],
    ['startIndex=245&count=10', 245, 6, 'user244'],
    ['startIndex=250', 250, 1, 'user249'],
    ['startIndex=251', 251, 0, undefined],
    ['startIndex=99999999999999999999&count=1', Number.MAX_SAFE_INTEGER, 0, undefined],
    ['startIndex=0', 1, 100, 'user000'],
    ['startIndex=-5&count=3', 1, 3, 'user000'],
    ['count=0', 1, 0, undefined],
    ['count=-1', 1, 0, undefined],
    ['count=-99999999999999999999', 1, 0, undefined],
    ['count=1000', 1, 200, 'user000'],
    ['count=%2B5', 1, 5, 'user000'],
    ['count=&startIndex=', 1, 100, 'user000'],
    ['startIndex=1&count=2', 1, 2, 'user000'],
    ['COUNT=3', 1, 3, 'user000'],
    ['%63ount=3&STARTINDEX=2', 2, 3, 'user001'],
  ])('%s', async (query, startIndex, itemsPerPage, first) => {
    const { json } = await (await place).get(`/Users?${query}`)
    expect({ ...json, Resources: names(json)[0] }).toEqual({
      schemas: [listUrn],
      totalResults: 250,
      startIndex,
      itemsPerPage,
      Resources: first,
    })
    expect(json.Resources).toHaveLength(itemsPerPage)
  })

  test('consecutive pages contain every user once', async () => {
    const server = await place
    const seen: unknown[] = []
    for (let startIndex = 1; startIndex <= 250; startIndex += 60) {
      seen.push(...names((await server.get(`/Users?startIndex=${startIndex}&count=60`)).json))
    }
    expect(new Set(seen).size).toBe(250)
    expect(seen).toHaveLength(250)
  })

  test.each([
    'count=x',
    'count=1.5',
    'count=1e2',
    'count=0x1',
    'startIndex=one',
    'count=1%202',
    'count=--1',
    'sortOrder=up',
  ])('%s is 400 invalidValue', async (query) => {
    expect(await (await place).get(`/Users?${query}`)).toMatchObject({
      status: 400,
      json: { scimType: 'invalidValue' },
    })
  })

  test('filter, sort, page and projection at once', async () => {
    const query =
      'filter=title+eq+%22t1%22&sortBy=userName&sortOrder=descending&startIndex=2&count=2&attributes=userName'
    const { json } = await (await place).get(`/Users?${query}`)
    expect(json).toMatchObject({ totalResults: 83, startIndex: 2, itemsPerPage: 2 })
    expect(json.Resources).toEqual([
      { schemas: [core], id: expect.any(String), userName: 'user244' },
      { schemas: [core], id: expect.any(String), userName: 'user241' },
    ])
  })
})

describe('sort (RFC 7644 §3.4.2.3)', () => {
  const place = (async () => {
    const server = serve()
    for (const [userName, familyName] of [
      ['c', 'Zoe'],
      ['a', 'adams'],
      ['b', undefined],
      ['d', 'Baker'],
    ] as const) {
      await server.post('/Users', user(userName, familyName === undefined ? {} : { name: { familyName } }))
    }
    return server
  })()
  test.each([
    ['sortBy=userName', 'abcd'],
    ['sortBy=USERNAME&sortOrder=Ascending', 'abcd'],
    ['sortBy=userName&sortOrder=descending', 'dcba'],
    ['sortBy=name.familyName', 'adcb'],
    ['sortBy=name.familyName&sortOrder=descending', 'bcda'],
    [`sortBy=${core}:userName`, 'abcd'],
    ['sortBy=', 'cabd'],
    ['sortOrder=descending', 'cabd'],
    ['sortBy=nothing', 'cabd'],
    ['sortBy=meta.created', 'cabd'],
  ])('%s: %s', async (query, order) => {
    expect(names((await (await place).get(`/Users?${query}`)).json).join('')).toBe(order)
  })
  test('a complex attribute without value needs a part', async () => {
    expect(await (await place).get('/Users?sortBy=name')).toMatchObject({
      status: 400,
      json: { scimType: 'invalidPath' },
    })
  })
})

describe('filters through HTTP', () => {
  test.each([
    ['userName eq "B@X"', 1],
    ['emails[type eq "work"].value eq "w@x"', 1],
    ['emails.value co "@x" and active eq true', 1],
    ['active eq "True"', 1],
    ['nothing eq "x"', 0],
    ['', 1],
  ])('%s finds %d', async (filter, total) => {
    const server = serve()
    await made(server, user('b@x', { active: true, emails: [{ value: 'w@x', type: 'work' }] }))
    expect((await server.get(`/Users?filter=${encodeURIComponent(filter)}`)).json.totalResults).toBe(total)
    expect((await server.post('/Users/.search', { schemas: [searchUrn], filter })).json.totalResults).toBe(total)
  })
  test('an invalid filter is 400 invalidFilter; an empty one too, in strict', async () => {
    const junk = { status: 400, json: { scimType: 'invalidFilter' } }
    expect(await serve().get('/Users?filter=userName')).toMatchObject(junk)
    expect(await serve({ interop: 'strict' }).get('/Users?filter=')).toMatchObject(junk)
    expect(await serve().post('/Users/.search', { filter: '(' })).toMatchObject(junk)
  })
})

describe('POST /.search (RFC 7644 §3.4.3)', () => {
  test('is the GET of the same', async () => {
    const server = await crowd(5)
    const posted = await server.post('/Users/.search', {
      schemas: [searchUrn],
      attributes: ['userName'],
      filter: 'title pr',
      sortBy: 'userName',
      sortOrder: 'descending',
      startIndex: 2,
      count: 2,
    })
    const query = 'attributes=userName&filter=title+pr&sortBy=userName&sortOrder=descending&startIndex=2&count=2'
    expect(posted).toEqual(await server.get(`/Users?${query}`))
    expect(names(posted.json)).toEqual(['user003', 'user002'])
  })

  test.each<[string, JsonObject, number, number]>([
    ['no parameters', { schemas: [searchUrn] }, 200, 200],
    ['names in any case', { Schemas: [searchUrn], COUNT: 1, excludedattributes: ['title'] }, 200, 200],
    ['no schemas', {}, 200, 400],
    ['another message', { schemas: [core] }, 400, 400],
    ['nulls', { schemas: [searchUrn], filter: null, count: null }, 200, 200],
    ['unknown names', { schemas: [searchUrn], x: 1 }, 200, 200],
    ['schemas empty', { schemas: [], count: 0 }, 200, 400],
    ['schemas null', { schemas: null, count: 0 }, 200, 400],
    ['schemas as text', { schemas: searchUrn, count: 0 }, 200, 400],
    ['schemas of numbers', { schemas: [searchUrn, 1] }, 400, 400],
    ['the URN of a draft', { schemas: ['urn:scim:api:messages:2.0:SearchRequest'] }, 200, 400],
    ['the URN of another message’s draft', { schemas: ['urn:scim:api:messages:2.0:PatchOp'] }, 400, 400],
    ['count as text', { schemas: [searchUrn], count: '1' }, 200, 400],
    ['startIndex as text', { schemas: [searchUrn], startIndex: '-1' }, 200, 400],
    ['count as text that is not a number', { schemas: [searchUrn], count: 'one' }, 400, 400],
    ['count as empty text', { schemas: [searchUrn], count: '' }, 400, 400],
    ['count as text with a fraction', { schemas: [searchUrn], count: '1.5' }, 400, 400],
    ['attributes as text', { schemas: [searchUrn], attributes: 'userName,title' }, 200, 400],
    ['count with a fraction', { schemas: [searchUrn], count: 1.5 }, 400, 400],
    ['count negative', { schemas: [searchUrn], count: -1 }, 200, 200],
    ['filter of numbers', { schemas: [searchUrn], filter: 1 }, 400, 400],
    ['attributes of numbers', { schemas: [searchUrn], attributes: [1] }, 400, 400],
    ['both projections', { schemas: [searchUrn], attributes: ['a'], excludedAttributes: ['b'] }, 400, 400],
    ['a duplicate name', { schemas: [searchUrn], count: 1, Count: 2 }, 400, 400],
  ])('%s', async (_title, body, lenient, strict) => {
    expect((await serve().post('/Users/.search', body)).status).toBe(lenient)
    expect((await serve({ interop: 'strict' }).post('/Users/.search', body)).status).toBe(strict)
  })

  test('works for groups, with 415 and 413 like any body', async () => {
    const server = serve({ limits: { groupBodyBytes: 200 } })
    await made(server, group('G', ['a']))
    expect((await server.post('/Groups/.search', { filter: 'members.value eq "a"' })).json.totalResults).toBe(1)
    expect((await server.post('/Groups/.search', {}, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await server.post('/Groups/.search', { filter: 'x'.repeat(300) })).status).toBe(413)
    expect((await server.ask({ method: 'POST', target: `${mount}/Groups/.search/`, body: {} })).status).toBe(200)
  })
})

test('a page stops at limits.pageMembers, says so, and the next one continues (ADR 15)', async () => {
  const server = serve({ limits: { pageMembers: 10 } })
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`)
  for (const [name, count] of [
    ['a', 4],
    ['b', 6],
    ['c', 1],
    ['d', 50],
    ['e', 0],
  ] as const) {
    await server.post('/Groups', group(name, ids(count)))
  }
  const shown = async (query: string) => {
    const { json } = await server.get(`/Groups?${query}`)
    const resources = json.Resources as readonly JsonObject[]
    expect(json).toMatchObject({ totalResults: 5, itemsPerPage: resources.length })
    return resources.map(({ displayName }) => displayName).join('')
  }
  expect(await shown('')).toBe('ab')
  expect(await shown('startIndex=3')).toBe('c')
  // One that is too large alone is shown alone: every page makes progress.
  expect(await shown('startIndex=4')).toBe('d')
  expect(await shown('startIndex=5')).toBe('e')
  expect(await shown('excludedAttributes=members')).toBe('abcde')
})
