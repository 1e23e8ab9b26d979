/** Many `eq` joined by `or`: a list of ids or names that a client looks up at once is answered from indexes, at any length. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defaultLimits, tenantId } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import { documentOnly, type Page, type ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { testContext } from '@scimkit/testkit'
import { remoteLists } from '../../../src/driver/list-work.js'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../../src/driver/sqlite/driver.js'
import { type SqlProvider, sqlProvider } from '../../../src/provider.js'
import { people } from '../../support/people/many-people.js'
import { recording, walks } from '../../support/query/plans.js'
import { types } from '../../support/query/types.js'

const context = testContext(tenantId('terms'))
const limits = { ...defaultLimits, filterTerms: 2_000, filterLength: 200_000 }
const users = 1_500

const orOf = (count: number, term: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => term(i)).join(' or ')
const name = (i: number): string => `userName eq "USER${i}"`
const id = (i: number): string => `id eq "u${i}"`

function ask(provider: ResourceProvider, filter: string): Promise<Page> {
  const query = {
    filter: parseFilter(filter, types.User, interopFrom('lenient'), limits),
    sort: undefined,
    page: { startIndex: 1, count: 2_000 },
    needs: documentOnly,
  }
  return Promise.resolve(provider.query('User', query, context))
}

const idsOf = ({ resources }: Page): readonly string[] => resources.map(({ ref }) => ref.id).sort()

describe.each([
  ['SQLite', 32_766],
  ['D1', 100],
])('%s, with at most %i parameters', (_, maxParameters) => {
  const { connection, plans } = recording(openSqlite(':memory:'))
  const inner = sqliteDriver(connection)
  let [calls, parameters] = [0, 0]
  const provider: SqlProvider = sqlProvider({
    ...inner,
    maxParameters,
    lists: remoteLists(1),
    read: (statements) => {
      calls += 1
      for (const statement of statements) parameters = Math.max(parameters, statement.parameters.length)
      return inner.read(statements)
    },
  })
  const known = memoryProvider({ scanWork: 1_000_000_000 })

  beforeAll(async () => {
    await people(users, (ref, next) =>
      Promise.all([provider.insert(ref, next, context), known.insert(ref, next, context)]),
    )
  })
  afterAll(() => provider.close())

  it.each<[title: string, filter: string, calls: number]>([
    ['20 names', orOf(20, name), 2],
    ['21 names', orOf(21, name), 2],
    ['100 names', orOf(100, name), 2],
    ['1,000 names', orOf(1_000, name), 3],
    ['1,400 names', orOf(1_400, name), 3],
    ['100 ids', orOf(100, id), 2],
    ['1,000 ids', orOf(1_000, id), 3],
    ['100 names and ids', orOf(50, (i) => `${name(i)} or ${id(i + 40)}`), 2],
    ['1,000 names and ids', orOf(500, (i) => `${name(i)} or ${id(i + 400)}`), 3],
    ['100 external ids, whose case counts', orOf(100, (i) => `externalId eq "${i % 2 === 0 ? 'x' : 'X'}${i}"`), 2],
    ['100 addresses', orOf(100, (i) => `emails.value eq "user${i}@example.com"`), 2],
    ['100 addresses in brackets', `emails[${orOf(100, (i) => `value eq "user${i}@example.com"`)}]`, 2],
    ['30 work addresses', `emails[type eq "work" and (${orOf(30, (i) => `value eq "user${i}@example.com"`)})]`, 3],
    ['100 names of active users', `active eq true and (${orOf(100, name)})`, 3],
    ['50 names and a name with a condition', `${orOf(50, name)} or (userName eq "user60" and title eq "t0")`, 3],
    ['50 names, and another indexed attribute', `${orOf(50, name)} or displayName sw "person 10"`, 3],
    ['30 names or null', `(${orOf(30, name)}) and not (userName eq null)`, 2],
  ])('%s', async (_title, filter, most) => {
    plans()
    calls = 0
    parameters = 0
    const found = await ask(provider, filter)
    const expected = await ask(known, filter)
    expect({ ids: idsOf(found), total: found.totalResults }).toEqual({
      ids: idsOf(expected),
      total: expected.totalResults,
    })
    expect(expected.totalResults).toBeGreaterThan(0)
    for (const plan of plans()) expect(walks(plan)).toEqual([])
    expect(calls).toBeLessThanOrEqual(most)
    expect(parameters).toBeLessThanOrEqual(maxParameters)
  })

  it('supports the negation too', async () => {
    const found = await ask(provider, `not (${orOf(100, name)})`)
    expect(found.totalResults).toBe(users - 100)
  })
})
