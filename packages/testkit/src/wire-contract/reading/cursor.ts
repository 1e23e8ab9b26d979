/** Pages by cursor. @see RFC 9865 */
import type { Answer, Json } from '../answer.js'
import { type Client, listUrn, type Made, searchUrn, uniqueName } from '../client.js'
import {
  expectAbsent,
  expectError,
  expectSame,
  expectStatus,
  expectThat,
  listAt,
  namesOn,
  objectAt,
  pause,
  violated,
} from '../expect.js'
import { replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

interface Crowd {
  /** A query string that matches exactly these users. */
  readonly query: string
  readonly filter: string
  readonly made: readonly Made[]
}

/** Users that no other case uses. */
async function crowd(client: Client, count: number, attributes: (i: number) => Json = () => ({})): Promise<Crowd> {
  const userType = uniqueName('walk')
  const made: Made[] = []
  for (let i = 0; i < count; i++) made.push(await client.makeUser({ userType, ...attributes(i) }))
  const filter = `userType eq "${userType}"`
  return { query: `filter=${encodeURIComponent(filter)}`, filter, made }
}

// More pages than any iteration here has, so that an endless iteration is reported.
const mostPages = 50

function cursorOf({ about, json: { nextCursor } }: Answer): string {
  if (typeof nextCursor !== 'string') violated(`${about}: expected a nextCursor, saw ${String(nextCursor)}`)
  return nextCursor
}

/** All pages; `between` runs after each but the last. */
async function walk(
  client: Client,
  query: string,
  count: number,
  between: (page: number) => Promise<void> = async () => {},
): Promise<readonly Answer[]> {
  const pages: Answer[] = []
  for (let cursor = ''; pages.length < mostPages; ) {
    const page = expectStatus(await client.get(`/Users?${query}&count=${count}&cursor=${cursor}`), 200)
    const { length } = listAt(page.json, 'Resources')
    expectThat(length <= count, `${page.about}: expected ${count} resources at most, saw ${length}`)
    pages.push(page)
    if (page.json.nextCursor === undefined) return pages
    cursor = cursorOf(page)
    await between(pages.length)
  }
  return violated(`GET /Users?${query} by cursor: expected an end, saw none in ${mostPages} pages`)
}

function idsOn(pages: readonly Answer[]): readonly string[] {
  return pages.flatMap((page) => namesOn(page, 'id'))
}

function idsOf(made: readonly Made[]): readonly string[] {
  return made.map(({ id }) => id)
}

const walks: readonly WireCase[] = [
  must(
    'cursor-walk',
    'the pages contain every resource once; all but the last have a nextCursor',
    'RFC 9865 §2 (tables 1 and 2)',
    async (client) => {
      const { query, made } = await crowd(client, 5)
      for (const count of [1, 2, 4, 5, 6]) {
        const pages = await walk(client, query, count)
        expectSame([...idsOn(pages)].sort(), [...idsOf(made)].sort(), `ids in pages of ${count}`)
        expectSame(pages.length, Math.ceil(5 / count), `number of pages of ${count}`)
      }
    },
  ),
  must('cursor-list-shape', 'a page by cursor is a ListResponse', 'RFC 9865 §2', async (client) => {
    const { query } = await crowd(client, 3)
    const [first, last] = await walk(client, query, 2)
    if (first === undefined || last === undefined) violated('expected two pages')
    for (const [page, itemsPerPage] of [
      [first, 2],
      [last, 1],
    ] as const) {
      expectSame(page.json.schemas, [listUrn], 'schemas')
      expectSame(page.json.itemsPerPage, itemsPerPage, 'itemsPerPage')
      const { totalResults = 3 } = page.json
      expectSame(totalResults, 3, 'totalResults, if there is one')
    }
    expectAbsent(first, 'previousCursor', 'startIndex')
    expectAbsent(last, 'startIndex')
  }),
  must(
    'cursor-empty-first',
    'an empty cursor, with or without =, requests the first page',
    'RFC 9865 §2 (table 1)',
    async (client) => {
      const { query, made } = await crowd(client, 2)
      const [first] = made
      for (const asked of ['cursor', 'cursor=']) {
        const page = expectStatus(await client.get(`/Users?${asked}&${query}&count=1`), 200)
        expectSame(namesOn(page, 'id'), [first?.id], `ids with ${asked}`)
        cursorOf(page)
      }
    },
  ),
  must('cursor-nothing-found', 'without matches, the first page is the last', 'RFC 9865 §2', async (client) => {
    const page = expectStatus(await client.get(`/Users?cursor&filter=userName%20eq%20%22${uniqueName()}%22`), 200)
    expectSame(listAt(page.json, 'Resources'), [], 'Resources')
    expectAbsent(page, 'nextCursor')
  }),
  must(
    'cursor-characters',
    'a cursor consists of unreserved characters',
    'RFC 9865 §2 (table 1); RFC 3986 §2.3',
    async (client) => {
      const { query } = await crowd(client, 4)
      for (const page of (await walk(client, query, 1)).slice(0, -1)) {
        const cursor = cursorOf(page)
        const isUnreserved = [...cursor].every((character) => unreserved.includes(character))
        expectThat(cursor !== '' && isUnreserved, `${page.about}: expected unreserved characters, saw ${cursor}`)
      }
    },
  ),
  must('cursor-sorted', 'pages by cursor are sorted', 'RFC 9865 §2.2', async (client) => {
    const titles = ['b', 'C', undefined, 'a', 'b']
    const { query } = await crowd(client, titles.length, (i) => (titles[i] === undefined ? {} : { title: titles[i] }))
    for (const [order, expected] of [
      ['ascending', ['a', 'b', 'b', 'c', 'undefined']],
      ['descending', ['undefined', 'c', 'b', 'b', 'a']],
    ] as const) {
      const pages = await walk(client, `${query}&sortBy=title&sortOrder=${order}`, 2)
      const seen = pages.flatMap((page) => namesOn(page, 'title')).map((title) => title.toLowerCase())
      expectSame(seen, expected, `titles, ${order}`)
    }
  }),
  must('cursor-search', 'POST /.search accepts cursor and count in its body', 'RFC 9865 §3', async (client) => {
    const { filter, made } = await crowd(client, 3)
    const body = { schemas: [searchUrn], attributes: ['userName'], filter, count: 2 }
    const first = expectStatus(await client.post('/Users/.search', { ...body, cursor: '' }), 200, { itemsPerPage: 2 })
    const next = { ...body, cursor: cursorOf(first) }
    const last = expectStatus(await client.post('/Users/.search', next), 200, { itemsPerPage: 1 })
    expectAbsent(last, 'nextCursor')
    expectSame([...idsOn([first, last])].sort(), [...idsOf(made)].sort(), 'ids')
  }),
  should(
    'cursor-index-is-default',
    'without cursor and startIndex a list is paged by index',
    'RFC 9865 §2.4',
    async (client) => {
      const { query } = await crowd(client, 2)
      const page = expectStatus(await client.get(`/Users?${query}&count=1`), 200, { startIndex: 1, totalResults: 2 })
      expectAbsent(page, 'nextCursor')
    },
  ),
  should(
    'cursor-under-writes',
    'a resource that exists throughout an iteration is returned once, with concurrent creates, deletes and changes',
    'RFC 9865 §2; FP-H13; REL-11',
    async (client) => {
      const { query, made } = await crowd(client, 8, (i) => ({ title: `t${i % 3}` }))
      const [userType] = made.map(({ json }) => json.userType)
      for (const sort of ['', '&sortBy=title', '&sortBy=title&sortOrder=descending']) {
        const goes = await client.makeUser({ userType, title: 't1' })
        const seen = await walk(client, query + sort, 2, async (page) => {
          if (page === 1) expectStatus(await client.remove(goes.path), 204)
          if (page < 4) await client.makeUser({ userType, title: `t${page % 3}` })
          const changed = made[page]
          if (changed === undefined) return
          const edit = replace('nickName', uniqueName())
          expectStatus(await client.patch(changed.path, [edit]), 200)
        })
        const ids = idsOn(seen)
        expectSame(new Set(ids).size, ids.length, `different ids among those seen (${sort})`)
        const unseen = idsOf(made).filter((id) => !ids.includes(id))
        expectSame(unseen, [], `ids that were there all the time and not seen (${sort})`)
      }
    },
  ),
  should(
    'cursor-again',
    'a cursor can be used again and returns the same page',
    'RFC 9865 §2; RFC 9110 §9.2.1',
    async (client) => {
      const { query } = await crowd(client, 3)
      const cursor = cursorOf(expectStatus(await client.get(`/Users?${query}&count=1&cursor=`), 200))
      const path = `/Users?${query}&count=1&cursor=${cursor}`
      const [once, again] = [await client.get(path), await client.get(path)]
      expectSame(namesOn(expectStatus(again, 200), 'id'), namesOn(expectStatus(once, 200), 'id'), 'ids')
    },
  ),
]

const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'

const counts: readonly WireCase[] = [
  must(
    'cursor-count-zero',
    'a count of 0 or below returns totalResults without resources',
    'RFC 9865 §2 (table 1)',
    async (client) => {
      const { query } = await crowd(client, 3)
      for (const count of [0, -1]) {
        const page = expectStatus(await client.get(`/Users?${query}&cursor=&count=${count}`), 200, { totalResults: 3 })
        expectSame(listAt(page.json, 'Resources'), [], 'Resources')
        expectAbsent(page, 'nextCursor')
      }
    },
  ),
  should(
    'cursor-count-no-number-400',
    'a count that is not a number is 400 invalidCount',
    'RFC 9865 §2.1 (table 3)',
    async (client) => {
      expectError(await client.get('/Users?cursor=&count=many'), 400, 'invalidCount')
      const body = { schemas: [searchUrn], cursor: '', count: 'many' }
      expectError(await client.post('/Users/.search', body), 400, 'invalidCount')
    },
  ),
  should(
    'cursor-count-clamped',
    'a count above the maximum is reduced to it, and may differ from page to page',
    'RFC 9865 §2 (table 1); IDP-52',
    async (client) => {
      const { query } = await crowd(client, 3)
      expectStatus(await client.get(`/Users?${query}&cursor=&count=1000000`), 200, { itemsPerPage: 3 })
      const cursor = cursorOf(expectStatus(await client.get(`/Users?${query}&cursor=&count=1`), 200))
      expectStatus(await client.get(`/Users?${query}&cursor=${cursor}&count=2`), 200, { itemsPerPage: 2 })
    },
  ),
  ...on('strict', [
    should(
      'cursor-count-strict-400',
      'in strict a count above the maximum or different from the first page is 400 invalidCount',
      'RFC 9865 §2.1 (table 3)',
      async (client) => {
        const { query } = await crowd(client, 3)
        expectError(await client.get(`/Users?${query}&cursor=&count=1000000`), 400, 'invalidCount')
        const cursor = cursorOf(expectStatus(await client.get(`/Users?${query}&cursor=&count=1`), 200))
        expectError(await client.get(`/Users?${query}&cursor=${cursor}&count=2`), 400, 'invalidCount')
        expectStatus(await client.get(`/Users?${query}&cursor=${cursor}&count=1`), 200, { itemsPerPage: 1 })
      },
    ),
  ]),
]

const refused: readonly WireCase[] = [
  must('cursor-forged-400', 'an invalid cursor is 400 invalidCursor', 'RFC 9865 §2.1, §5.2', async (client) => {
    const { query } = await crowd(client, 2)
    const real = cursorOf(expectStatus(await client.get(`/Users?${query}&count=1&cursor=`), 200))
    const swapped = real.startsWith('A') ? 'B' : 'A'
    const forged = ['x', 'VZUTiyhEQJ94IR', '1', `${real}AAAA`, `${swapped}${real.slice(1)}`, real.slice(0, -4)]
    for (const cursor of forged) {
      expectError(await client.get(`/Users?${query}&count=1&cursor=${cursor}`), 400, 'invalidCursor')
    }
    const body = { schemas: [searchUrn], count: 1 }
    for (const cursor of ['x', 5, ['x']]) {
      expectError(await client.post('/Users/.search', { ...body, cursor }), 400, 'invalidCursor')
    }
  }),
  should(
    'cursor-other-question-400',
    'a cursor of another filter, sort or endpoint is 400 invalidCursor; another spelling of the same filter is accepted',
    'RFC 9865 §2 (the second example), §2.1',
    async (client) => {
      const { query, filter } = await crowd(client, 2)
      const cursor = cursorOf(expectStatus(await client.get(`/Users?${query}&count=1&cursor=`), 200))
      for (const path of ['/Users?', '/Users?filter=title%20pr&', `/Users?${query}&sortBy=userName&`, `/Groups?`]) {
        expectError(await client.get(`${path}count=1&cursor=${cursor}`), 400, 'invalidCursor')
      }
      const same = encodeURIComponent(`(${filter.replace('userType', 'UserTYPE')})`)
      expectStatus(await client.get(`/Users?filter=${same}&count=1&cursor=${cursor}`), 200, { itemsPerPage: 1 })
    },
  ),
  should(
    'cursor-and-start-index-400',
    'cursor together with startIndex is 400',
    'RFC 9865 §2.1, §2.4',
    async (client) => {
      expectError(await client.get('/Users?cursor=&startIndex=1'), 400)
      expectError(await client.post('/Users/.search', { schemas: [searchUrn], cursor: '', startIndex: 1 }), 400)
    },
  ),
  ...on('otherTenant', [
    must(
      'cursor-other-tenant-400',
      'the response to a cursor of another tenant equals that to a forged one, byte by byte',
      'RFC 9865 §5.2; SEC-5',
      async (_client, ask) => {
        const [here, there] = [ask('exchange'), ask('otherTenant')]
        await there.makeUser()
        await here.makeUser()
        await here.makeUser()
        const cursor = cursorOf(expectStatus(await here.get('/Users?count=1&cursor='), 200))
        const foreign = expectError(await there.get(`/Users?count=1&cursor=${cursor}`), 400, 'invalidCursor')
        const forged = expectError(await there.get('/Users?count=1&cursor=forged'), 400, 'invalidCursor')
        expectSame(foreign.body, forged.body, 'body')
      },
    ),
  ]),
  ...on('shortCursors', [
    should(
      'cursor-expired-400',
      'a cursor that is older than cursorTimeout is 400 expiredCursor',
      'RFC 9865 §2.1 (table 3), §4',
      async (client) => {
        const { query } = await crowd(client, 2)
        const path = `/Users?${query}&count=1&cursor=`
        const config = expectStatus(await client.get('/ServiceProviderConfig'), 200)
        const seconds = Number(objectAt(config.json, 'pagination').cursorTimeout)
        expectThat(seconds > 0 && seconds <= 2, `cursorTimeout: expected 1 or 2 here, saw ${seconds}`)
        const asked = Date.now()
        const cursor = cursorOf(expectStatus(await client.get(path), 200))
        const next = await client.get(path + cursor)
        // On a busy machine the cursor may have expired already.
        if (Date.now() - asked < seconds * 1_000) expectStatus(next, 200)
        await pause(seconds * 1_000 + 50)
        expectError(await client.get(path + cursor), 400, 'expiredCursor')
      },
    ),
  ]),
]

const advertised: readonly WireCase[] = [
  should(
    'cursor-advertised',
    'ServiceProviderConfig has both paging methods, the default one, page sizes and the cursor timeout',
    'RFC 9865 §4',
    async (client) => {
      const { json } = expectStatus(await client.get('/ServiceProviderConfig'), 200)
      const { cursor, index, defaultPaginationMethod, ...rest } = objectAt(json, 'pagination')
      expectSame([cursor, index, defaultPaginationMethod], [true, true, 'index'], 'cursor, index and the default')
      for (const name of ['defaultPageSize', 'maxPageSize', 'cursorTimeout']) {
        const value = rest[name]
        expectThat(
          Number.isSafeInteger(value) && Number(value) > 0,
          `${name}: expected a positive integer, saw ${value}`,
        )
      }
    },
  ),
]

const unannounced: readonly WireCase[] = on('withoutPagination', [
  should(
    'cursor-unannounced',
    'ServiceProviderConfig without pagination differs only in its version, and cursors still work',
    'RFC 7643 §5; RFC 9865 §4; ADR 11',
    async (client, ask) => {
      const config = expectStatus(await client.get('/ServiceProviderConfig'), 200)
      const usual = expectStatus(await ask('exchange').get('/ServiceProviderConfig'), 200)
      const { pagination, meta: _, ...rest } = usual.json
      const { meta, ...here } = config.json
      expectThat(pagination !== undefined, `${usual.about}: expected pagination by default`)
      expectSame(here, rest, `${config.about}: the document without pagination`)
      expectSame(objectAt({ meta }, 'meta').version, config.tag, `${config.about}: meta.version beside the ETag`)
      expectThat(config.tag !== usual.tag, `${config.about}: another document needs another tag`)
      expectStatus(await client.get('/ServiceProviderConfig', { 'If-None-Match': config.tag }), 304)
      expectStatus(await client.get('/ServiceProviderConfig', { 'If-None-Match': usual.tag }), 200)
      const { query, made } = await crowd(client, 3)
      const seen = (await walk(client, query, 2)).flatMap((page) => namesOn(page))
      expectSame(seen.sort(), made.map(({ name }) => name).sort(), 'names in a walk by cursor')
    },
  ),
])

/** Pages by cursor. */
export const cursor: readonly WireCase[] = [...walks, ...counts, ...refused, ...advertised, ...unannounced]
