/** Pages by cursor: walks, counts, long values. @see RFC 9865 §2, §3 */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { JsonObject } from '../../src/json/value.js'
import type { ResourceProvider } from '../../src/provider/provider.js'
import { type Answered, group, type Server, serve, user } from '../support/server.js'
import { crowd, cursorOf, invalidCursor, names } from './support/cursors.js'

const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

/** All pages from an address with `cursor=` in it. */
async function walk(
  server: Server,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly Answered[]> {
  const pages: Answered[] = []
  for (let cursor = ''; pages.length < 100; cursor = cursorOf(pages.at(-1) as Answered)) {
    const page = await server.get(path.replace('cursor=', `cursor=${cursor}`), headers)
    expect(page).toMatchObject({ status: 200 })
    pages.push(page)
    if (page.json.nextCursor === undefined) return pages
  }
  throw new Error('the walk does not end')
}

describe('a walk (RFC 9865 §2)', () => {
  const place = crowd(25)

  test('contains every resource once; only the last page has no nextCursor; no page has a startIndex', async () => {
    const pages = await walk(await place, '/Users?cursor=&count=10')
    expect(pages.map((page) => page.json.itemsPerPage)).toEqual([10, 10, 5])
    expect(pages.flatMap(names)).toEqual(Array.from({ length: 25 }, (_, i) => `user${String(i).padStart(3, '0')}`))
    for (const { json } of pages) {
      expect(json).toMatchObject({ schemas: [listUrn], totalResults: 25 })
      expect(json).not.toHaveProperty('startIndex')
      expect(json).not.toHaveProperty('previousCursor')
    }
    expect(pages.map(({ json }) => typeof json.nextCursor)).toEqual(['string', 'string', 'undefined'])
  })

  test.each(['/Users?cursor&count=30', '/Users?count=25&cursor=', '/Users?cursor=&sortBy=userName'])(
    '%s is one page alone',
    async (path) => {
      const page = await (await place).get(path)
      expect(page.json).toMatchObject({ itemsPerPage: 25, totalResults: 25 })
      expect(page.json).not.toHaveProperty('nextCursor')
    },
  )

  test('a list without matches has no further pages', async () => {
    const { json } = await (await place).get('/Users?cursor&filter=userName%20eq%20%22nobody%22')
    expect(json).toEqual({ schemas: [listUrn], totalResults: 0, itemsPerPage: 0, Resources: [] })
  })

  test.each([
    'sortBy=userName&sortOrder=descending',
    'sortBy=title',
    'sortBy=title&sortOrder=descending',
    'sortBy=nickName',
    'filter=title%20eq%20%22t1%22',
    'filter=title%20ne%20%22t1%22&sortBy=title&attributes=userName',
  ])('%s: the pages are the list by index', async (query) => {
    const server = await place
    const whole = names(await server.get(`/Users?${query}`))
    for (const count of [1, 4, 24, 25]) {
      expect((await walk(server, `/Users?${query}&cursor=&count=${count}`)).flatMap(names)).toEqual(whole)
    }
  })

  test('cursors are of characters that need no escaping (table 1)', async () => {
    for (const page of (await walk(await place, '/Users?cursor=&count=3')).slice(0, -1)) {
      expect(cursorOf(page)).toMatch(/^[A-Za-z0-9._~-]+$/)
    }
  })

  test('by POST: cursor in the body, whole walks and mixed ones (§3)', async () => {
    const server = await place
    const body = { schemas: [searchUrn], attributes: ['userName'], filter: 'title eq "t0"', cursor: '', count: 5 }
    const first = await server.post('/Users/.search', body)
    expect(first.json).toMatchObject({ itemsPerPage: 5, totalResults: 9 })
    const second = await server.post('/Users/.search', { ...body, cursor: cursorOf(first) })
    expect(second.json).not.toHaveProperty('nextCursor')
    expect(names(first).length + names(second).length).toBe(9)
    expect(names(await server.get(`/Users?filter=title+eq+%22t0%22&count=5&cursor=${cursorOf(first)}`))).toEqual(
      names(second),
    )
    expect((await server.post('/Users/.search', { ...body, cursor: null })).json).toHaveProperty('startIndex', 1)
    expect(await server.post('/Users/.search', { ...body, cursor: 5 })).toMatchObject(invalidCursor)
  })

  test('without `cursor` lists are paged by index, as ever (§2.4)', async () => {
    const { json } = await (await place).get('/Users?count=2')
    expect(json).toMatchObject({ startIndex: 1, totalResults: 25 })
    expect(json).not.toHaveProperty('nextCursor')
  })

  test('cursor and startIndex are two methods (§2.4): 400 for both at once', async () => {
    const server = await place
    for (const query of ['cursor=&startIndex=1', 'cursor=abc&startIndex=5']) {
      expect(await server.get(`/Users?${query}`)).toMatchObject({ status: 400, json: { scimType: 'invalidValue' } })
    }
  })
})

describe('count (RFC 9865 §2, table 1; §2.1, table 3)', () => {
  const place = crowd(25)
  const strictPlace = crowd(25, { interop: 'strict', limits: { maxPageSize: 20 } })

  test.each([0, -1])('%d: the total alone, and no cursor', async (count) => {
    const server = await place
    const { json } = await server.get(`/Users?cursor=&count=${count}`)
    expect(json).toEqual({ schemas: [listUrn], totalResults: 25, itemsPerPage: 0, Resources: [] })
  })

  test('an invalid number is 400 invalidCount', async () => {
    const server = await place
    for (const count of ['x', '1.5', '1e2']) {
      const refused = { status: 400, json: { scimType: 'invalidCount' } }
      expect(await server.get(`/Users?cursor=&count=${count}`)).toMatchObject(refused)
      expect(await server.post('/Users/.search', { cursor: '', count })).toMatchObject(refused)
    }
  })

  test('above the maximum: the maximum, and 400 invalidCount in strict', async () => {
    const server = await crowd(5, { limits: { maxPageSize: 3 } })
    expect((await server.get('/Users?cursor=&count=1000')).json).toMatchObject({ itemsPerPage: 3 })
    const strict = await strictPlace
    expect(await strict.get('/Users?cursor=&count=21')).toMatchObject({
      status: 400,
      json: { scimType: 'invalidCount' },
    })
    expect((await strict.get('/Users?cursor=&count=20')).json).toMatchObject({ itemsPerPage: 20 })
    // RFC 9865 does not apply to a list by index.
    expect((await strict.get('/Users?count=21')).json).toMatchObject({ itemsPerPage: 20 })
  })

  test('another one on a later page: accepted, and 400 invalidCount in strict', async () => {
    const server = await place
    const first = await server.get('/Users?cursor=&count=5')
    const second = await server.get(`/Users?cursor=${cursorOf(first)}&count=7`)
    expect(names(second)).toEqual(Array.from({ length: 7 }, (_, i) => `user${String(i + 5).padStart(3, '0')}`))
    const strict = await strictPlace
    const cursor = cursorOf(await strict.get('/Users?cursor=&count=5'))
    expect(await strict.get(`/Users?cursor=${cursor}&count=7`)).toMatchObject({
      status: 400,
      json: { scimType: 'invalidCount' },
    })
    expect((await strict.get(`/Users?cursor=${cursor}&count=5`)).status).toBe(200)
  })
})

test('a provider without keyset pages: 501, and discovery says so; its lists by index work as before', async () => {
  const provider: ResourceProvider = { ...memoryProvider(), keyset: false }
  const server = await crowd(3, { provider })
  const { json } = await server.get('/ServiceProviderConfig')
  expect(json.pagination).toEqual({
    cursor: false,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: 100,
    maxPageSize: 200,
  })
  expect((await server.get('/Users?cursor=&count=2')).status).toBe(501)
  expect((await server.get('/Users?count=2')).json).toMatchObject({ totalResults: 3, startIndex: 1 })
})

describe('long sort values', () => {
  const long = (end: string): JsonObject => ({ title: `${'x'.repeat(20_000)}${end}` })

  test('that differ early make short cursors', async () => {
    const server = serve()
    for (const start of ['c', 'a', 'b']) await server.post('/Users', user(start, { title: start + 'x'.repeat(60_000) }))
    for (const order of ['ascending', 'descending']) {
      const pages = await walk(server, `/Users?attributes=userName&sortBy=title&sortOrder=${order}&cursor=&count=1`)
      expect(pages.flatMap(names).join('')).toBe(order === 'ascending' ? 'abc' : 'cba')
      for (const page of pages.slice(0, -1)) expect(cursorOf(page).length).toBeLessThan(120)
    }
  })

  test('that differ late, or not at all, are 400 that names sortBy; nothing is skipped silently', async () => {
    const server = serve()
    for (const [name, end] of [
      ['a', '1'],
      ['b', '2'],
      ['c', '2'],
    ] as const) {
      await server.post('/Users', user(name, long(end)))
    }
    const page = async (count: number) => server.get(`/Users?attributes=userName&sortBy=title&cursor=&count=${count}`)
    for (const count of [1, 2]) {
      const refused = await page(count)
      expect(refused).toMatchObject({ status: 400, json: { scimType: 'invalidValue' } })
      expect(refused.json.detail).toContain('sortBy')
    }
    expect(names(await page(3))).toEqual(['a', 'b', 'c'])
  })
})

test('a page that stops at limits.pageMembers ends there: the next one continues, and none is skipped', async () => {
  const server = serve({ limits: { pageMembers: 10 } })
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`)
  const groups = { a: 4, b: 6, c: 1, d: 50, e: 0, f: 9, g: 2 }
  for (const [name, count] of Object.entries(groups)) await server.post('/Groups', group(name, ids(count)))
  for (const sort of ['', '&sortBy=displayName', '&sortBy=displayName&sortOrder=descending']) {
    const pages = await walk(server, `/Groups?cursor=${sort}`)
    const shown = pages.map((page) => names(page).join(''))
    expect(shown).toEqual(sort.endsWith('descending') ? ['g', 'fe', 'd', 'cb', 'a'] : ['ab', 'c', 'd', 'ef', 'g'])
    expect(pages.map((page) => page.json.itemsPerPage)).toEqual(shown.map((text) => text.length))
  }
  // One that is too large alone is shown whole.
  const [, , large] = await walk(server, '/Groups?cursor=')
  expect((large?.json.Resources as readonly JsonObject[] | undefined)?.[0]?.members).toHaveLength(50)
  expect((await walk(server, '/Groups?excludedAttributes=members&cursor=')).map(names)).toEqual([Object.keys(groups)])
})
