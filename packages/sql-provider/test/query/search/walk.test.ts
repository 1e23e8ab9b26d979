/** Lists without a usable index are read in portions, within a budget; counted in statements and turns, not in time. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { defaultLimits, type ScimContext, tenantId } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import { documentOnly, type Page, type Query } from '@scimkit/core/provider'
import { resolvePath } from '@scimkit/core/schema'
import { testContext } from '@scimkit/testkit'
import type { Driver, Statement } from '../../../src/driver/driver.js'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../../src/driver/sqlite/driver.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from '../../../src/provider.js'
import { seedUsers } from '../../support/people/seed-users.js'
import { types } from '../../support/query/types.js'

const tenant = tenantId('portions')
const context = testContext(tenant)
const interop = interopFrom('lenient')
const opened: SqlProvider[] = []
let asked: Statement[] = []
let most = 0

afterEach(async () => {
  for (const provider of opened.splice(0)) await provider.close()
})

/** A provider with so many users; `asked` has the statements of its reads, `most` the most rows of one of them. */
async function providerOf(users: number, options: SqlProviderOptions = {}): Promise<SqlProvider> {
  const connection = openSqlite(':memory:')
  const inner = sqliteDriver(connection)
  const driver: Driver = {
    ...inner,
    async read(statements) {
      asked.push(...statements)
      const answers = await inner.read(statements)
      for (const rows of answers) most = Math.max(most, rows.length)
      return answers
    },
  }
  const provider = sqlProvider(driver, options)
  opened.push(provider)
  await provider.migrate()
  seedUsers(connection, tenant, users)
  asked = []
  most = 0
  return provider
}

function ask(
  provider: SqlProvider,
  filter: string | undefined,
  rest: Partial<Query> = {},
  who: ScimContext = context,
): Promise<Page> {
  return Promise.resolve(
    provider.query(
      'User',
      {
        filter: filter === undefined ? undefined : parseFilter(filter, types.User, interop, defaultLimits),
        sort: undefined,
        page: { startIndex: 1, count: 10 },
        needs: documentOnly,
        ...rest,
      },
      who,
    ),
  )
}

function sortBy(text: string, descending = false): Pick<Query, 'sort'> {
  const path = resolvePath(types.User, text, interop)
  if (path === undefined) throw new Error(text)
  return { sort: { path, descending } }
}

const terms = (count: number, term: (i: number) => string, joint = 'and'): string =>
  Array.from({ length: count }, (_, i) => term(i)).join(` ${joint} `)

/** How many turns of the event loop other tasks get meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let ended = false
  const turn = (): void => {
    turns += 1
    if (!ended) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  ended = true
  return turns
}

describe('a list without a usable index', () => {
  it.each([
    ['ne', terms(100, (i) => `userName ne "x${i}"`)],
    ['gt', terms(100, (i) => `userName gt "a${i}"`)],
    ['not co', terms(100, (i) => `not (userName co "x${i}")`)],
    ['or of and', terms(50, (i) => `(userName ne "x${i}" and id co "y${i}")`, 'or')],
  ])('lets other tasks run between its portions: %s', async (_, filter) => {
    const provider = await providerOf(2_000)
    expect(await turnsDuring(() => ask(provider, filter))).toBeGreaterThan(10)
  })

  it.each<[string, Partial<Query>]>([
    ['by an attribute without an index', sortBy('title')],
    ['by id', sortBy('id')],
    ['deep', { ...sortBy('userName'), page: { startIndex: 3_900, count: 10 } }],
  ])('is sorted in portions: %s', async (_, rest) => {
    const provider = await providerOf(4_000)
    expect(await turnsDuring(() => ask(provider, undefined, rest))).toBeGreaterThan(3)
    expect(most).toBeLessThanOrEqual(2_000)
  })

  it('ends when the client disconnects', async () => {
    const provider = await providerOf(2_000)
    const gone = new AbortController()
    const answer = ask(
      provider,
      terms(100, (i) => `userName ne "x${i}"`),
      {},
      { ...context, signal: gone.signal },
    )
    setImmediate(() => gone.abort())
    await expect(answer).rejects.toMatchObject({ status: 503 })
    expect(asked.length).toBeLessThan(10)
  })

  it('costs no more than scanWork', async () => {
    const provider = await providerOf(100, { scanWork: 1_000 })
    const ten = terms(10, (i) => `userName ne "x${i}"`)
    expect((await ask(provider, ten)).totalResults).toBe(100)
    await expect(ask(provider, `${ten} and title ne "x"`)).rejects.toMatchObject({
      status: 400,
      scimType: 'tooMany',
      message: expect.stringMatching(/scanWork.*title/),
    })
  })

  it('of all resources spends nothing of it', async () => {
    const provider = await providerOf(100, { scanWork: 10 })
    expect((await ask(provider, undefined)).totalResults).toBe(100)
    expect((await ask(provider, undefined, { page: { startIndex: 95, count: 10 } })).resources).toHaveLength(6)
    expect((await ask(provider, undefined, sortBy('userName'))).totalResults).toBe(100)
  })

  it('rejects an option that is not a number', () => {
    const driver = sqliteDriver(openSqlite(':memory:'))
    for (const scanWork of [0, 1.5, Number.NaN]) expect(() => sqlProvider(driver, { scanWork })).toThrow(TypeError)
    expect(() => sqlProvider(driver, { groupEdges: 0 })).toThrow(TypeError)
  })
})

describe('a list with a usable index', () => {
  it('costs only the resources that the index finds', async () => {
    const provider = await providerOf(2_000, { scanWork: 500 })
    const names = terms(20, (i) => `userName eq "user${i}@example.com"`, 'or')
    expect((await ask(provider, names)).totalResults).toBe(20)
    expect((await ask(provider, 'userName sw "user77" and title ne "x"')).totalResults).toBe(11)
  })

  it('of a value that all users have is read only up to the end of the page', async () => {
    const provider = await providerOf(7)
    expect((await ask(provider, 'userName eq "user3@example.com"')).totalResults).toBe(1)
    // The statement before it checks the schema.
    expect(asked.at(-1)?.sql).toMatch(/order by "k"\."row_id" limit/)
  })
})

describe('pages in the order of an index', () => {
  it.each([false, true])('have equal keys in base order (descending: %s)', async (descending) => {
    const provider = await providerOf(50)
    const rest = sortBy('meta.created', descending)
    const whole = await ask(provider, undefined, { ...rest, page: { startIndex: 1, count: 50 } })
    expect(whole.resources.map(({ ref }) => ref.id)).toEqual(Array.from({ length: 50 }, (_, i) => `portions-${i}`))
    const walked: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await ask(provider, undefined, { ...rest, page: { after, count: 7 } })
      walked.push(...page.resources.map(({ ref }) => ref.id))
      if (page.next === undefined) break
      after = page.next
    }
    expect(walked).toEqual(whole.resources.map(({ ref }) => ref.id))
  })

  it('are the same at the beginning and deep in the list', async () => {
    const provider = await providerOf(3_000)
    for (const descending of [false, true]) {
      const near = await ask(provider, undefined, {
        ...sortBy('userName', descending),
        page: { startIndex: 1_981, count: 20 },
      })
      const deep = await ask(provider, undefined, {
        ...sortBy('userName', descending),
        page: { startIndex: 1_981, count: 21 },
      })
      expect(deep.resources.slice(0, 20)).toEqual(near.resources)
    }
  })
})
