/** Lists: their shape, order and pages. @see RFC 7644 §3.4.2, §3.4.2.3, §3.4.2.4, §3.4.3 */
import type { Json } from '../answer.js'
import { type Client, listUrn, type Made, searchUrn, uniqueName, userUrn } from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, expectThat, listAt, namesOn } from '../expect.js'
import { must, should, type WireCase } from '../wire-case.js'

interface Crowd {
  readonly filter: string
  readonly made: readonly Made[]
}

/** Users that no other case uses. */
async function crowd(client: Client, attributes: readonly Json[]): Promise<Crowd> {
  const userType = uniqueName('type')
  const made: Made[] = []
  for (const one of attributes) made.push(await client.makeUser({ userType, ...one }))
  return { filter: `userType eq "${userType}"`, made }
}

const shape: readonly WireCase[] = [
  must(
    'list-shape',
    'a list has schemas, totalResults, startIndex, itemsPerPage and Resources',
    'RFC 7644 §3.4.2',
    async (client) => {
      const { filter, made } = await crowd(client, [{}, {}])
      const page = await client.find('/Users', filter)
      expectSame(page.json.schemas, [listUrn], 'schemas')
      expectStatus(page, 200, { totalResults: 2, startIndex: 1, itemsPerPage: 2 })
      expectSame([...namesOn(page, 'id')].sort(), made.map(({ id }) => id).sort(), 'ids on the page')
    },
  ),
  must(
    'list-empty-200',
    'an empty list is 200 with totalResults 0 and empty Resources',
    'RFC 7644 §3.4.2; FP-H1',
    async (client) => {
      const { json } = await client.find('/Users', `userName eq "${uniqueName()}"`)
      const { schemas, totalResults, startIndex, itemsPerPage, Resources } = json
      expectSame(
        { schemas, totalResults, startIndex, itemsPerPage, Resources },
        { schemas: [listUrn], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
        'the list',
      )
    },
  ),
  must('list-shows-whole-resources', 'a list returns resources as a read does', 'RFC 7644 §3.4.2', async (client) => {
    const { filter, made } = await crowd(client, [{ title: 'A', emails: [{ value: 'a@example.com' }] }])
    const [first] = listAt((await client.find('/Users', filter)).json, 'Resources')
    const [user] = made
    expectSame(first, user?.json, 'the resource in the list')
  }),
  must('list-groups', 'groups are listed too, with their members', 'RFC 7644 §3.4.2', async (client) => {
    const user = await client.makeUser()
    const group = await client.makeGroup([user])
    expectStatus(await client.find('/Groups', `displayName eq "${group.name}"`), 200, {
      totalResults: 1,
      Resources: [{ id: group.id, members: [{ value: user.id }] }],
    })
  }),
]

const lower = { title: 'alpha' }
const upper = { title: 'BETA' }
const last = { title: 'gamma' }

/** A query, users, and their indexes in the expected order. */
type Sorted = readonly [
  level: typeof must,
  id: string,
  title: string,
  sort: string,
  users: readonly Json[],
  order: readonly number[],
]

const byPrimary = [
  { emails: [{ value: 'z@example.com' }, { value: 'a@example.com', primary: true }] },
  { emails: [{ value: 'b@example.com' }] },
]

const sortings: readonly Sorted[] = [
  [must, 'ascending', 'sortBy sorts, ascending by default', '&sortBy=title', [last, lower, upper], [1, 2, 0]],
  [
    must,
    'descending',
    'sortOrder=descending turns it round',
    '&sortBy=title&sortOrder=descending',
    [last, lower, upper],
    [0, 2, 1],
  ],
  [
    should,
    'order-in-any-case',
    'sortOrder in any case',
    '&sortBy=TITLE&sortOrder=Descending',
    [last, lower, upper],
    [0, 2, 1],
  ],
  [must, 'missing-last', 'resources without a value come last', '&sortBy=title', [{}, upper, lower], [2, 1, 0]],
  [
    must,
    'missing-first-descending',
    'resources without a value come first if descending',
    '&sortBy=title&sortOrder=descending',
    [upper, {}, lower],
    [1, 0, 2],
  ],
  [
    must,
    'sub-attribute',
    'by a sub-attribute',
    '&sortBy=name.familyName',
    [{ name: { familyName: 'b' } }, { name: { familyName: 'A' } }],
    [1, 0],
  ],
  [must, 'urn', 'by a URN path', `&sortBy=${userUrn}:title`, [upper, lower], [1, 0]],
  [
    must,
    'primary',
    'a multi-valued attribute sorts by the primary value, else the first',
    '&sortBy=emails.value',
    byPrimary,
    [0, 1],
  ],
  [should, 'list-value', 'a complex list sorts by its sub-attribute value', '&sortBy=emails', byPrimary, [0, 1]],
]

const sorting: readonly WireCase[] = [
  ...sortings.map(([level, id, title, sort, users, order]) =>
    level(`sort-${id}`, title, 'RFC 7644 §3.4.2.3', async (client) => {
      const { filter, made } = await crowd(client, users)
      const expected = order.map((position) => made[position]?.id)
      expectSame(namesOn(await client.find('/Users', filter, sort), 'id'), expected, 'the order')
    }),
  ),
  should('sort-order-400', 'an invalid sortOrder is 400 invalidValue', 'RFC 7644 §3.4.2.3', async (client) => {
    expectError(await client.get('/Users?count=0&sortBy=title&sortOrder=up'), 400, 'invalidValue')
  }),
  should(
    'sort-complex-400',
    'sorting by a complex attribute without a sub-attribute value is 400 invalidPath',
    'RFC 7644 §3.4.2.3',
    async (client) => {
      expectError(await client.get('/Users?count=0&sortBy=name'), 400, 'invalidPath')
    },
  ),
  should('sort-unknown', 'an unknown sortBy is ignored', 'RFC 7644 §3.4.2.3; FP-F7', async (client) => {
    const { filter } = await crowd(client, [{}, {}])
    expectStatus(await client.find('/Users', filter, '&sortBy=favouriteColour'), 200, { totalResults: 2 })
  }),
  should(
    'sort-stable',
    'the order without sortBy is the same from page to page',
    'RFC 7644 §3.4.2.4; FP-H3; IDP-P2',
    async (client) => {
      const { filter } = await crowd(client, [{}, {}, {}, {}])
      const whole = namesOn(await client.find('/Users', filter), 'id')
      const pages: string[] = []
      for (const start of [1, 2, 3, 4]) {
        pages.push(...namesOn(await client.find('/Users', filter, `&startIndex=${start}&count=1`), 'id'))
      }
      expectSame(pages, whole, 'the pages, one after the other')
    },
  ),
]

/** A query about five users, and the expected list. */
type Paged = readonly [level: typeof must, id: string, title: string, page: string, expected: Json]

const pages: readonly Paged[] = [
  [must, 'first', 'count is the number of resources', '&count=2', { totalResults: 5, startIndex: 1, itemsPerPage: 2 }],
  [
    must,
    'middle',
    'startIndex is the 1-based index of the first resource',
    '&startIndex=3&count=2',
    { totalResults: 5, startIndex: 3, itemsPerPage: 2 },
  ],
  [
    must,
    'last',
    'the last page may be shorter',
    '&startIndex=5&count=2',
    { totalResults: 5, startIndex: 5, itemsPerPage: 1 },
  ],
  [
    should,
    'beyond',
    'a page beyond the end is empty and not an error',
    '&startIndex=6&count=2',
    { totalResults: 5, itemsPerPage: 0, Resources: [] },
  ],
  [must, 'count-0', 'count=0 gives the total alone', '&count=0', { totalResults: 5, itemsPerPage: 0, Resources: [] }],
  [
    must,
    'count-negative',
    'a negative count is treated as 0',
    '&count=-3',
    { totalResults: 5, itemsPerPage: 0, Resources: [] },
  ],
  [
    must,
    'start-0',
    'startIndex 0 is treated as 1',
    '&startIndex=0&count=2',
    { totalResults: 5, startIndex: 1, itemsPerPage: 2 },
  ],
  [
    must,
    'start-negative',
    'a negative startIndex is treated as 1',
    '&startIndex=-7&count=2',
    { totalResults: 5, startIndex: 1, itemsPerPage: 2 },
  ],
  [must, 'count-huge', 'a huge count is not an error', '&count=1000000', { totalResults: 5, itemsPerPage: 5 }],
  [
    should,
    'empty',
    'an empty count and startIndex are ignored',
    '&count=&startIndex=',
    { totalResults: 5, startIndex: 1, itemsPerPage: 5 },
  ],
]

const paging: readonly WireCase[] = [
  ...pages.map(([level, id, title, page, expected]) =>
    level(`page-${id}`, title, 'RFC 7644 §3.4.2.4; FP-H2', async (client) => {
      const { filter } = await crowd(client, [{}, {}, {}, {}, {}])
      const answer = expectStatus(await client.find('/Users', filter, page), 200, expected)
      expectSame(namesOn(answer, 'id').length, expected.itemsPerPage, 'Resources beside itemsPerPage')
      // An empty list in `expected` matches anything, so emptiness is checked separately.
      if (expected.itemsPerPage === 0) expectSame(answer.json.Resources, [], 'Resources')
    }),
  ),
  must('page-walk', 'consecutive pages return every resource once', 'RFC 7644 §3.4.2.4', async (client) => {
    const { filter, made } = await crowd(
      client,
      Array.from({ length: 7 }, () => ({})),
    )
    const seen: string[] = []
    for (let start = 1; start <= 7; start += 3) {
      seen.push(...namesOn(await client.find('/Users', filter, `&sortBy=userName&startIndex=${start}&count=3`), 'id'))
    }
    expectSame([...seen].sort(), made.map(({ id }) => id).sort(), 'the ids on all pages')
  }),
  must(
    'page-max-results',
    'no page is longer than filter.maxResults',
    'RFC 7643 §5; RFC 7644 §3.4.2.4',
    async (client) => {
      const { json } = await client.get('/ServiceProviderConfig')
      const { maxResults } = (json.filter ?? {}) as Json
      expectThat(typeof maxResults === 'number', 'expected filter.maxResults to be a number')
      await client.makeUser()
      const page = expectStatus(await client.get('/Users?count=1000000&attributes=id'), 200)
      expectThat(listAt(page.json, 'Resources').length <= maxResults, `expected at most ${maxResults} resources`)
    },
  ),
  ...['count=many', 'startIndex=first', 'count=1.5', 'startIndex=1e3', 'count=0x10'].map((parameter) =>
    should(
      `page-${parameter}-400`,
      `${parameter} that is not an integer is 400 invalidValue`,
      'RFC 7644 §3.4.2.4, §3.12',
      async (client) => {
        expectError(await client.get(`/Users?${parameter}`), 400, 'invalidValue')
      },
    ),
  ),
]

const search: readonly WireCase[] = [
  must('search-is-query', 'POST /.search finds what GET finds', 'RFC 7644 §3.4.3', async (client) => {
    const { filter } = await crowd(client, [last, lower, upper])
    const body = { schemas: [searchUrn], filter, sortBy: 'title', sortOrder: 'descending', startIndex: 2, count: 2 }
    const posted = expectStatus(await client.post('/Users/.search', body), 200)
    const got = await client.find('/Users', filter, '&sortBy=title&sortOrder=descending&startIndex=2&count=2')
    expectSame(posted.json, got.json, 'the list')
    expectStatus(posted, 200, { totalResults: 3, startIndex: 2, itemsPerPage: 2 })
  }),
  must('search-groups', 'groups can be searched too', 'RFC 7644 §3.4.3', async (client) => {
    const { name, id } = await client.makeGroup()
    const body = { schemas: [searchUrn], filter: `displayName eq "${name}"` }
    expectStatus(await client.post('/Groups/.search', body), 200, { totalResults: 1, Resources: [{ id }] })
  }),
  must(
    'search-attributes',
    'attributes and excludedAttributes are lists in the body',
    'RFC 7644 §3.4.3',
    async (client) => {
      const { filter } = await crowd(client, [{ title: 'A', nickName: 'N' }])
      const [one = {}] = listAt(
        (await client.post('/Users/.search', { schemas: [searchUrn], filter, attributes: ['title'] })).json,
        'Resources',
      )
      expectSame(Object.keys(one).sort(), ['id', 'schemas', 'title'], 'the returned attributes')
      const [other = {}] = listAt(
        (await client.post('/Users/.search', { schemas: [searchUrn], filter, excludedAttributes: ['title', 'meta'] }))
          .json,
        'Resources',
      )
      expectSame([other.title, other.meta, other.nickName], [undefined, undefined, 'N'], 'title, meta and nickName')
    },
  ),
  should('search-names-in-any-case', 'names of the message in any case', 'RFC 7643 §2.1', async (client) => {
    const { filter } = await crowd(client, [{}, {}])
    expectStatus(await client.post('/Users/.search', { Schemas: [searchUrn], FILTER: filter, Count: 1 }), 200, {
      totalResults: 2,
      itemsPerPage: 1,
    })
  }),
  must(
    'search-foreign-schemas-400',
    'a body with the schema of another message is 400',
    'RFC 7644 §3.4.3',
    async (client) => {
      expectError(await client.post('/Users/.search', { schemas: [userUrn], count: 0 }), 400)
    },
  ),
  must('search-wrong-types-400', 'parameters of the wrong type are 400', 'RFC 7644 §3.4.3, §3.12', async (client) => {
    for (const wrong of [
      { count: 'x' },
      { startIndex: 1.5 },
      { filter: 5 },
      { sortBy: ['title'] },
      { attributes: [1] },
    ]) {
      expectError(await client.post('/Users/.search', { schemas: [searchUrn], ...wrong }), 400)
    }
  }),
  must('search-get-405', '/.search accepts only POST', 'RFC 7644 §3.4.3; RFC 9110 §15.5.6', async (client) => {
    const answer = expectError(await client.get('/Users/.search'), 405)
    expectSame(answer.headers.allow, 'POST', 'Allow')
    expectAbsent(answer, 'scimType')
  }),
  should('search-makes-nothing', 'a search creates no resource', 'RFC 7644 §3.4.3', async (client) => {
    const userName = uniqueName()
    expectStatus(await client.post('/Users/.search', { schemas: [searchUrn], userName, count: 0 }), 200)
    expectStatus(await client.find('/Users', `userName eq "${userName}"`), 200, { totalResults: 0 })
  }),
]

/** Lists. */
export const sortingAndPaging: readonly WireCase[] = [...shape, ...sorting, ...paging, ...search]
