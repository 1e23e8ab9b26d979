import type { JsonObject } from '@scimkit/core/json'
import type { Sort } from '@scimkit/core/provider'
import { ensure, ensureSame, ensureSameSet } from '../assert.js'
import { filterOf, sortBy } from '../parse-query.js'
import { must, type ProviderCase, should } from '../provider-case.js'
import { allPages, idsOf, type Question, queryOf } from '../queries.js'
import type { Rig } from '../rig.js'
import { documentOf, type Held, insertGroup, insertUser, newId, remove, replace } from '../writes.js'

async function insertUsers(rig: Rig, attributesOfEach: readonly JsonObject[]): Promise<readonly Held[]> {
  const users: Held[] = []
  for (const attributes of attributesOfEach) users.push(await insertUser(rig, attributes))
  return users
}

function plainUsers(rig: Rig, count: number): Promise<readonly Held[]> {
  return insertUsers(
    rig,
    Array.from({ length: count }, (_, i) => ({ nickName: i % 2 === 0 ? 'even' : 'odd' })),
  )
}

async function ensurePagesPartition(rig: Rig, expected: readonly string[], question: Question): Promise<void> {
  const whole = await idsOf(rig, 'User', question)
  ensureSameSet(whole, expected, 'ids in one large page')
  for (const size of [1, 5, expected.length]) {
    const pages = (await allPages(rig, 'User', size, question)).map(({ ref }) => ref.id)
    ensureSame(pages, whole, `ids in pages of ${size}`)
  }
}

async function ensureTotal(rig: Rig, question: Question, total: number, shown: number): Promise<void> {
  const page = await rig.provider.query('User', queryOf(question), rig.here)
  const { startIndex = 1, count = 'all' } = question
  const what = `totalResults and resources at startIndex ${startIndex}, count ${count}`
  ensureSame([page.totalResults, page.resources.length], [total, shown], what)
}

async function ensureSorted(rig: Rig, sort: Sort, names: readonly (string | undefined)[], name: string): Promise<void> {
  const { resources } = await rig.provider.query('User', queryOf({ sort }), rig.here)
  const seen = resources.map((stored) => documentOf(stored)[name] ?? null)
  const expected = names.map((value) => value ?? null)
  ensureSame(seen, expected, `${name} of users sorted by it${sort.descending ? ', descending' : ''}`)
}

/** Lists: pages, totals, order. */
export const queryCases: readonly ProviderCase[] = [
  must(
    'page-partition',
    'the concatenated pages of any size are the whole list: each resource once, in one order',
    'RFC 7644 §3.4.2.4',
    async (rig) => {
      const users = await plainUsers(rig, 23)
      await ensurePagesPartition(
        rig,
        users.map(({ ref }) => ref.id),
        {},
      )
    },
  ),
  must(
    'page-partition-filtered',
    'the concatenated pages of a filtered list are all matching resources',
    'RFC 7644 §3.4.2.4',
    async (rig) => {
      const users = await plainUsers(rig, 23)
      const even = users.filter(({ document }) => document.nickName === 'even').map(({ ref }) => ref.id)
      await ensurePagesPartition(rig, even, { filter: filterOf('User', 'nickName eq "even"') })
    },
  ),
  must(
    'page-partition-sorted',
    'the concatenated pages of a list sorted by equal values are the whole list',
    'RFC 7644 §3.4.2.4',
    async (rig) => {
      const ids = (await plainUsers(rig, 23)).map(({ ref }) => ref.id)
      for (const descending of [false, true]) {
        await ensurePagesPartition(rig, ids, { sort: sortBy('User', 'nickName', descending) })
      }
    },
    'sort',
  ),
  must('page-order-same', 'a repeated query returns the same order', 'RFC 7644 §3.4.2.4', async (rig) => {
    await plainUsers(rig, 12)
    const first = await idsOf(rig, 'User')
    for (let i = 0; i < 5; i++) ensureSame(await idsOf(rig, 'User'), first, 'order of a repeated query')
  }),
  should(
    'page-order-after-write',
    'a replace does not change the position of a resource in a list, nor does a rename in a filtered list',
    'RFC 7644 §3.4.2.4; FP-D21; REL-11',
    async (rig) => {
      const [first, ...others] = await insertUsers(
        rig,
        Array.from({ length: 6 }, () => ({ displayName: 'Same' })),
      )
      ensure(first !== undefined && others.length === 5, 'six users')
      const filter = filterOf('User', 'displayName eq "same"')
      const [before, filtered] = [await idsOf(rig, 'User'), await idsOf(rig, 'User', { filter })]
      const away = await replace(rig, first, { ...first.document, displayName: 'Away' })
      await replace(rig, away, { ...first.document, displayName: 'SAME' })
      ensureSame(await idsOf(rig, 'User'), before, 'order after a replace')
      ensureSame(await idsOf(rig, 'User', { filter }), filtered, 'order of a filtered list after a rename and back')
    },
  ),
  must('page-count-zero', 'count 0 returns the total and no resources', 'RFC 7644 §3.4.2.4 (table 6)', async (rig) => {
    await plainUsers(rig, 4)
    await ensureTotal(rig, { count: 0 }, 4, 0)
    await ensureTotal(rig, { count: 0, filter: filterOf('User', 'nickName eq "odd"') }, 2, 0)
  }),
  must(
    'page-past-end',
    'a page past the end is empty and has the total; the last page has the remaining resources',
    'RFC 7644 §3.4.2.4',
    async (rig) => {
      await plainUsers(rig, 4)
      await ensureTotal(rig, { startIndex: 5, count: 2 }, 4, 0)
      await ensureTotal(rig, { startIndex: 1_000_000, count: 2 }, 4, 0)
      await ensureTotal(rig, { startIndex: 4, count: 2 }, 4, 1)
      await ensureTotal(rig, { startIndex: 3, count: 2, filter: filterOf('User', 'nickName pr') }, 4, 2)
    },
  ),
  must(
    'query-empty',
    'a type without resources and a filter without matches return an empty page with total 0',
    'RFC 7644 §3.4.2',
    async (rig) => {
      await ensureTotal(rig, {}, 0, 0)
      await plainUsers(rig, 2)
      await ensureTotal(rig, { filter: filterOf('User', `userName eq "${newId()}"`) }, 0, 0)
      ensureSame(await idsOf(rig, 'Group'), [], 'groups where there are only users')
    },
  ),
  must('query-one-type', 'a query returns only resources of the requested type', 'RFC 7644 §3.4.2', async (rig) => {
    const user = await insertUser(rig, { displayName: 'Same' })
    const group = await insertGroup(rig, 'Same')
    ensureSame(await idsOf(rig, 'User'), [user.ref.id], 'users')
    ensureSame(await idsOf(rig, 'Group'), [group.ref.id], 'groups')
    const named = await idsOf(rig, 'Group', { filter: filterOf('Group', 'displayName eq "same"') })
    ensureSame(named, [group.ref.id], 'groups with a name that a user has too')
    const byId = await idsOf(rig, 'Group', { filter: filterOf('Group', `id eq "${user.ref.id}"`) })
    ensureSame(byId, [], "groups with a user's id")
  }),
  must(
    'query-after-writes',
    'a list contains each write as soon as the write has returned',
    'RFC 7644 §3.4.2; FP-D21; REL-1',
    async (rig) => {
      const user = await insertUser(rig, { userName: 'old-name', externalId: 'old-id' })
      const old = ['userName eq "OLD-name"', 'externalId eq "old-id"'].map((text) => filterOf('User', text))
      const fresh = ['userName eq "NEW-name"', 'externalId eq "new-id"'].map((text) => filterOf('User', text))
      const document = { ...user.document, userName: 'new-name', externalId: 'new-id' }
      for (const filter of old) await ensureTotal(rig, { filter }, 1, 1)
      const renamed = await replace(rig, user, document)
      for (const filter of old) await ensureTotal(rig, { filter }, 0, 0)
      for (const filter of fresh) await ensureTotal(rig, { filter }, 1, 1)
      await remove(rig, renamed)
      for (const filter of fresh) await ensureTotal(rig, { filter }, 0, 0)
    },
  ),
  must(
    'sort-absent',
    'resources without the value come last, and first when descending',
    'RFC 7644 §3.4.2.3',
    async (rig) => {
      const names = ['b', undefined, 'a', undefined, 'c']
      await insertUsers(
        rig,
        names.map((nickName) => (nickName === undefined ? {} : { nickName })),
      )
      await ensureSorted(rig, sortBy('User', 'nickName', false), ['a', 'b', 'c', undefined, undefined], 'nickName')
      await ensureSorted(rig, sortBy('User', 'nickName', true), [undefined, undefined, 'c', 'b', 'a'], 'nickName')
    },
    'sort',
  ),
  must(
    'sort-case',
    'text sorts by its key: case is relevant only for caseExact attributes',
    'RFC 7644 §3.4.2.3',
    async (rig) => {
      const names = ['b', 'A', 'C']
      await insertUsers(
        rig,
        names.map((name) => ({ nickName: name, externalId: name })),
      )
      await ensureSorted(rig, sortBy('User', 'nickName', false), ['A', 'b', 'C'], 'nickName')
      await ensureSorted(rig, sortBy('User', 'externalId', false), ['A', 'C', 'b'], 'externalId')
    },
    'sort',
  ),
  must(
    'sort-code-points',
    'text sorts by Unicode code point, also beyond U+FFFF',
    'RFC 7644 §3.4.2.3; ADR 15; FP-F10',
    async (rig) => {
      const [low, high, astral] = ['\u00e9', '\uff5e', '\u{1f98a}']
      await insertUsers(
        rig,
        [astral, low, high].map((externalId) => ({ externalId })),
      )
      await ensureSorted(rig, sortBy('User', 'externalId', false), [low, high, astral], 'externalId')
    },
    'sort',
  ),
  must(
    'sort-primary',
    'a multi-valued attribute sorts by the primary value, else the first',
    'RFC 7644 §3.4.2.3',
    async (rig) => {
      const [first, primary] = await insertUsers(rig, [
        { emails: [{ value: 'b@example.com' }, { value: '0@example.com' }] },
        { emails: [{ value: 'z@example.com' }, { value: 'a@example.com', primary: true }] },
      ])
      const ids = await idsOf(rig, 'User', { sort: sortBy('User', 'emails.value', false) })
      ensureSame(ids, [primary?.ref.id, first?.ref.id], 'users sorted by emails.value')
    },
    'sort',
  ),
]
