/** Queries at the root: all types as one list. @see RFC 7644 §3.4.2.1, §3.4.3 */
import type { Answer } from '../answer.js'
import { type Client, listUrn, type Made, searchUrn, uniqueName, userUrn } from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, listAt, metaOf, namesOn, violated } from '../expect.js'
import { must, should, type WireCase } from '../wire-case.js'

interface Mixed {
  /** A filter that matches exactly these resources. */
  readonly filter: string
  /** The common prefix of their names. */
  readonly name: string
  readonly users: readonly Made[]
  readonly groups: readonly Made[]
}

/** Two users and two groups that no other case uses. By displayName they alternate: user, group, user, group. */
async function mixed(client: Client): Promise<Mixed> {
  const name = uniqueName('mixed')
  const user = (end: string) => client.makeUser({ displayName: `${name} ${end}`, title: end })
  const group = (end: string) => client.makeGroup([], { displayName: `${name} ${end}` })
  const [b, c, a, d] = [await group('b'), await user('c'), await user('a'), await group('d')]
  return { filter: `displayName sw "${name}"`, name, users: [a, c], groups: [b, d] }
}

async function find(client: Client, filter: string, rest = ''): Promise<Answer> {
  return expectStatus(await client.get(`/?filter=${encodeURIComponent(filter)}${rest}`), 200)
}

function idsOf(made: readonly Made[]): readonly string[] {
  return made.map(({ id }) => id)
}

// The last letter of each name identifies the resource.
function lettersOn(page: Answer): string {
  return namesOn(page, 'displayName')
    .map((name) => name.slice(-1))
    .join('')
}

const queries: readonly WireCase[] = [
  must('root-all-types', 'a query at the root returns resources of all types', 'RFC 7644 §3.4.2.1', async (client) => {
    const { filter, users, groups } = await mixed(client)
    const page = await find(client, filter)
    expectSame(page.json.schemas, [listUrn], 'schemas')
    expectStatus(page, 200, { totalResults: 4, startIndex: 1, itemsPerPage: 4 })
    expectSame([...namesOn(page, 'id')].sort(), [...idsOf(users), ...idsOf(groups)].sort(), 'ids')
  }),
  must(
    'root-shows-whole-resources',
    'each resource equals that of a read, with its own location and type',
    'RFC 7644 §3.4.2.1; RFC 7643 §3.1',
    async (client) => {
      const { filter, users, groups } = await mixed(client)
      const found = listAt((await find(client, filter)).json, 'Resources')
      for (const { id, path } of [...users, ...groups]) {
        const alone = expectStatus(await client.get(path), 200)
        const seen = found.find((resource) => resource.id === id)
        expectSame(seen, alone.json, path)
        expectSame(metaOf(alone).location, metaOf({ ...alone, json: seen ?? {} }).location, 'meta.location')
      }
    },
  ),
  must('root-resource-type', 'meta.resourceType restricts the list to types', 'RFC 7644 §3.4.2.1', async (client) => {
    const { filter, users, groups } = await mixed(client)
    for (const [type, made] of [
      ['User', users],
      ['Group', groups],
      ['Nothing', []],
    ] as const) {
      const page = await find(client, `${filter} and (meta.resourceType eq "${type}")`)
      expectStatus(page, 200, { totalResults: made.length })
      expectSame([...namesOn(page, 'id')].sort(), [...idsOf(made)].sort(), `ids of ${type}`)
    }
    const both = `(meta.resourceType eq "User") or (meta.resourceType eq "Group")`
    expectStatus(await find(client, `${filter} and (${both})`), 200, { totalResults: 4 })
    expectStatus(await find(client, `${filter} and not (meta.resourceType eq "User")`), 200, { totalResults: 2 })
  }),
  must(
    'root-foreign-attribute',
    'an attribute that a type does not have is treated as unassigned',
    'RFC 7644 §3.4.2.1, §3.4.2.2',
    async (client) => {
      const { filter, users, groups } = await mixed(client)
      const both = [...idsOf(users), ...idsOf(groups)]
      for (const [term, ids] of [
        ['userName pr', idsOf(users)],
        ['not (userName pr)', idsOf(groups)],
        ['title eq "a"', idsOf(users.slice(0, 1))],
        ['title eq "a" or meta.resourceType eq "Group"', idsOf([...users.slice(0, 1), ...groups])],
        ['not (members pr)', both],
        ['emails[type eq "work"]', []],
      ] as const) {
        const page = await find(client, `${filter} and (${term})`)
        expectSame([...namesOn(page, 'id')].sort(), [...ids].sort(), `ids with ${term}`)
      }
    },
  ),
  must(
    'root-search',
    'POST /.search at the root equals the GET with the same parameters',
    'RFC 7644 §3.4.3 (figures 4 and 5)',
    async (client) => {
      const { filter } = await mixed(client)
      const body = {
        schemas: [searchUrn],
        attributes: ['displayName', 'userName'],
        filter,
        sortBy: 'displayName',
        startIndex: 2,
        count: 2,
      }
      const posted = expectStatus(await client.post('/.search', body), 200)
      expectStatus(posted, 200, { totalResults: 4, startIndex: 2, itemsPerPage: 2 })
      const query = '&attributes=displayName,userName&sortBy=displayName&startIndex=2&count=2'
      expectSame(posted.json, (await find(client, filter, query)).json, 'the list')
      expectSame(
        listAt(posted.json, 'Resources').map((resource) => 'userName' in resource),
        [false, true],
        'whether there is a userName',
      )
    },
  ),
]

const orders: readonly WireCase[] = [
  must(
    'root-sorted',
    'resources of all types are sorted as one list',
    'RFC 7644 §3.4.2.1, §3.4.2.3',
    async (client) => {
      const { filter } = await mixed(client)
      expectSame(lettersOn(await find(client, filter, '&sortBy=displayName')), 'abcd', 'the order')
      const descending = '&sortBy=displayName&sortOrder=descending'
      expectSame(lettersOn(await find(client, filter, descending)), 'dcba', 'the order, descending')
    },
  ),
  must(
    'root-sorted-foreign-attribute',
    'a type without the attribute to sort by comes last, and first when descending',
    'RFC 7644 §3.4.2.3',
    async (client) => {
      const { filter } = await mixed(client)
      for (const [order, first] of [
        ['ascending', true],
        ['descending', false],
      ] as const) {
        const page = await find(client, filter, `&sortBy=title&sortOrder=${order}`)
        const types = listAt(page.json, 'Resources').map((resource) => 'userName' in resource)
        expectSame(types, [first, first, !first, !first], `whether it is a user, ${order}`)
        const titles = lettersOn(page)
        expectSame(first ? titles.slice(0, 2) : titles.slice(2), first ? 'ac' : 'ca', `users, ${order}`)
      }
    },
  ),
  must('root-index-pages', 'the concatenated index pages are the list', 'RFC 7644 §3.4.2.4', async (client) => {
    const { filter } = await mixed(client)
    for (const sort of ['', '&sortBy=displayName', '&sortBy=displayName&sortOrder=descending']) {
      const whole = namesOn(await find(client, filter, sort), 'id')
      for (const count of [1, 3]) {
        const seen: string[] = []
        for (let start = 1; start <= whole.length; start += count) {
          const page = await find(client, filter, `${sort}&startIndex=${start}&count=${count}`)
          expectStatus(page, 200, { totalResults: 4, startIndex: start })
          seen.push(...namesOn(page, 'id'))
        }
        expectSame(seen, whole, `ids in pages of ${count} (${sort})`)
      }
    }
    expectStatus(await find(client, filter, '&count=0'), 200, { totalResults: 4, itemsPerPage: 0 })
  }),
  should('root-cursor-pages', 'the concatenated cursor pages are the list', 'RFC 9865 §2', async (client) => {
    const { filter } = await mixed(client)
    for (const sort of ['', '&sortBy=displayName', '&sortBy=displayName&sortOrder=descending', '&sortBy=title']) {
      const whole = namesOn(await find(client, filter, sort), 'id')
      for (const count of [1, 3, 4]) {
        const seen: string[] = []
        let cursor: unknown = ''
        for (let page = 0; typeof cursor === 'string'; page++) {
          if (page > 5) violated(`pages of ${count} (${sort}): expected a last page`)
          const answer = await find(client, filter, `${sort}&count=${count}&cursor=${cursor}`)
          seen.push(...namesOn(answer, 'id'))
          cursor = answer.json.nextCursor
        }
        expectSame(seen, whole, `ids in pages of ${count} (${sort})`)
      }
    }
  }),
]

const refused: readonly WireCase[] = [
  must(
    'root-sensitive',
    'a filter or sort on a sensitive attribute is 403 by GET and 400 by POST',
    'RFC 7644 §3.12, §7.5.2; SEC-11',
    async (client) => {
      expectError(await client.get('/?filter=password%20pr'), 403, 'sensitive')
      expectError(await client.get('/?sortBy=password'), 403, 'sensitive')
      for (const search of [{ filter: 'password pr' }, { sortBy: 'password' }]) {
        expectError(await client.post('/.search', { schemas: [searchUrn], ...search }), 400, 'invalidFilter')
      }
    },
  ),
  must(
    'root-search-wrong-400',
    'a body that is not a valid SearchRequest is 400',
    'RFC 7644 §3.4.3, §3.12',
    async (client) => {
      expectError(await client.post('/.search', { schemas: [userUrn], count: 0 }), 400)
      expectError(await client.post('/.search', { schemas: [searchUrn], filter: 'displayName' }), 400, 'invalidFilter')
      expectError(await client.post('/.search', '[]'), 400)
    },
  ),
  must(
    'root-405',
    'the root accepts GET, /.search POST, and 405 responses of both have Allow',
    'RFC 9110 §15.5.6',
    async (client) => {
      const answers = [await client.post('/', {}), await client.put('/', {}), await client.remove('/')]
      for (const answer of answers) expectSame(expectError(answer, 405).headers.allow, 'GET, HEAD', 'Allow')
      const search = expectError(await client.get('/.search'), 405)
      expectSame(search.headers.allow, 'POST', 'Allow')
      expectAbsent(search, 'scimType')
    },
  ),
]

/** Queries at the root. */
export const rootSearch: readonly WireCase[] = [...queries, ...orders, ...refused]
