/** The limits of a query, and the results of queries that exceed them or are invalid. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { defaultLimits, type JsonObject, type ScimContext, tenantId } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import { documentOnly, firstVersion, type Page, type Query } from '@scimkit/core/provider'
import { resolvePath } from '@scimkit/core/schema'
import { testContext } from '@scimkit/testkit'
import type { Driver, Statement } from '../../../src/driver/driver.js'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../../src/driver/sqlite/driver.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from '../../../src/provider.js'
import { types } from '../../support/query/types.js'

const context = testContext(tenantId('bounds'))
const interop = interopFrom('lenient')
const opened: SqlProvider[] = []
let asked: Statement[] = []

afterEach(async () => {
  for (const provider of opened.splice(0)) await provider.close()
})

/** A provider with so many users, on a driver with so many parameters per statement. */
async function providerOf(
  users: number,
  options: SqlProviderOptions = {},
  maxParameters = 32_766,
  documentOf: (number: number) => JsonObject = () => ({}),
): Promise<SqlProvider> {
  const inner = sqliteDriver(openSqlite(':memory:'))
  const driver: Driver = {
    ...inner,
    maxParameters,
    read: (statements) => {
      asked.push(...statements)
      return inner.read(statements)
    },
  }
  const provider = sqlProvider(driver, options)
  opened.push(provider)
  for (let i = 0; i < users; i++) {
    const id = `u${i}`
    const resource = { schemas: ['urn:a'], id, userName: `user${i}`, title: `t${i % 2}`, ...documentOf(i) }
    const next = {
      resource,
      version: firstVersion('a', '00c0ffee1dea'),
      at: '2026-01-01T00:00:00Z',
      unique: [],
      members: undefined,
    }
    await provider.insert({ type: 'User', id }, next, context)
  }
  asked = []
  return provider
}

function ask(
  provider: SqlProvider,
  filter: string | undefined,
  rest: Partial<Query> = {},
  who: ScimContext = context,
): Promise<Page> {
  const query: Query = {
    filter: filter === undefined ? undefined : parseFilter(filter, types.User, interop, defaultLimits),
    sort: undefined,
    page: { startIndex: 1, count: 100 },
    needs: documentOnly,
    ...rest,
  }
  return Promise.resolve(provider.query('User', query, who))
}

function sortBy(text: string, descending = false): Pick<Query, 'sort'> {
  const path = resolvePath(types.User, text, interop)
  if (path === undefined) throw new Error(text)
  return { sort: { path, descending } }
}

const tooMany = (detail: string) =>
  expect.objectContaining({ status: 400, scimType: 'tooMany', message: expect.stringContaining(detail) })

describe('resources that are read without an index', () => {
  it('may be as many as the host says, and no more', async () => {
    const provider = await providerOf(10, { scanLimit: 10 })
    expect((await ask(provider, 'title eq "t1"')).totalResults).toBe(5)
    expect((await ask(provider, undefined, sortBy('title'))).totalResults).toBe(10)
    const more = await providerOf(11, { scanLimit: 10 })
    await expect(ask(more, 'title eq "t1"')).rejects.toEqual(tooMany('option `indexes`: title.'))
    await expect(ask(more, undefined, sortBy('title'))).rejects.toEqual(tooMany('option `indexes`: title.'))
  })

  it('do not include those that an index excludes', async () => {
    const provider = await providerOf(11, { scanLimit: 10 })
    expect((await ask(provider, 'title eq "t1" and userName sw "user1"')).totalResults).toBe(1)
    expect((await ask(provider, 'userName co "1"')).totalResults).toBe(2)
    expect((await ask(provider, 'meta.version pr and userName eq "user1"')).totalResults).toBe(1)
  })

  it('name no attribute that cannot be indexed', async () => {
    const provider = await providerOf(11, { scanLimit: 10 })
    await expect(ask(provider, 'groups.display eq "x"')).rejects.toEqual(tooMany('Use an indexed attribute.'))
  })

  it('are not read if the attribute is indexed', async () => {
    const provider = await providerOf(11, { scanLimit: 1, indexes: { User: ['title'] } })
    expect((await ask(provider, 'title eq "t1"')).totalResults).toBe(5)
    expect((await ask(provider, undefined, sortBy('title', true))).totalResults).toBe(11)
  })

  it('are not read any more after the client has disconnected', async () => {
    const provider = await providerOf(1200)
    const gone = new AbortController()
    const answer = ask(provider, 'title eq "t1"', {}, { ...context, signal: gone.signal })
    gone.abort()
    await expect(answer).rejects.toThrow()
    expect(asked.length).toBeLessThan(3)
  })

  it('let other tasks run in between', async () => {
    const provider = await providerOf(1200)
    let turns = 0
    const timer = setInterval(() => (turns += 1), 0)
    await ask(provider, 'title eq "t1"')
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
  })

  it('are no more than a page needs, if the total is not requested', async () => {
    const provider = await providerOf(1200)
    const page = await ask(provider, 'title eq "t1"', { page: { after: undefined, count: 3 } })
    expect([page.resources.length, page.totalResults, typeof page.next]).toEqual([3, undefined, 'string'])
    // The bounds of one portion of the list, its rows, and the page.
    expect(asked).toHaveLength(3)
  })
})

describe('members that are compared one by one', () => {
  const display = 'members.display eq "x"'

  /** So many groups of so many members each; returns the most rows of a read since. */
  async function groupsOf(groups: number, members: number, options: SqlProviderOptions = {}) {
    const connection = openSqlite(':memory:')
    const inner = sqliteDriver(connection)
    let most = 0
    const driver: Driver = {
      ...inner,
      async read(statements) {
        const answers = await inner.read(statements)
        for (const rows of answers) most = Math.max(most, rows.length)
        return answers
      },
    }
    const provider = sqlProvider(driver, options)
    opened.push(provider)
    const next = { version: firstVersion('a', '00c0ffee1dea'), at: '2026-01-01T00:00:00Z', unique: [] }
    await provider.insert(
      { type: 'User', id: 'x' },
      { ...next, resource: { displayName: 'x' }, members: undefined },
      context,
    )
    for (let i = 0; i < groups; i++) {
      const id = `g${i}`
      const resource = { schemas: ['urn:b'], id, displayName: id }
      const add = i % 2 === 0 ? [{ value: 'x' }] : []
      await provider.insert({ type: 'Group', id }, { ...next, resource, members: { add, remove: [] } }, context)
    }
    connection.exec(`insert into scim_members (group_row, tenant, member_id, member_key)
      with recursive n (i) as (select 1 union all select i + 1 from n where i < ${members})
      select row_id, tenant, 'm' || i, 'm' || i from scim_resources, n where type = 'Group'`)
    most = 0
    const find = (filter: string, page: Query['page'] = { startIndex: 1, count: 100 }) =>
      provider.query(
        'Group',
        {
          filter: parseFilter(filter, types.Group, interop, defaultLimits),
          sort: undefined,
          page,
          needs: documentOnly,
        },
        context,
      )
    return { find, most: () => most }
  }

  it('are never all in memory', async () => {
    const { find, most } = await groupsOf(30, 1_500)
    expect((await find(display)).totalResults).toBe(15)
    expect(most()).toBeLessThanOrEqual(5_000)
  })

  it('may be as many as the host says, and no more', async () => {
    const enough = await groupsOf(10, 20, { scanLimit: 215 })
    expect((await enough.find(display)).totalResults).toBe(5)
    const { find } = await groupsOf(10, 20, { scanLimit: 214 })
    await expect(find(display)).rejects.toEqual(tooMany('more than 214 resources and members'))
  })

  it('of one group are read only up to the limit', async () => {
    const { find, most } = await groupsOf(2, 9_000, { scanLimit: 6_000 })
    await expect(find(display)).rejects.toEqual(tooMany('and members'))
    // In portions of 2,000; four portions exceed the limit.
    expect(most()).toBeLessThanOrEqual(2_001)
  })

  it('are no more than a page needs, if the total is not requested', async () => {
    const { find } = await groupsOf(40, 1_500, { scanLimit: 6_000 })
    expect((await find(display, { after: undefined, count: 1 })).resources).toHaveLength(1)
  })

  it('do not count if they are selected by id', async () => {
    const { find } = await groupsOf(10, 20, { scanLimit: 10 })
    expect((await find('members.value eq "m1" and meta.version pr')).totalResults).toBe(10)
  })
})

describe('a database with few parameters per statement', () => {
  const many = Array.from({ length: 40 }, (_, i) => `userName eq "user${i}"`).join(' or ')
  it.each([
    ['in SQL', 'userName eq "user1"', 1],
    ['too many for SQL', many, 40],
    ['too many, without a usable index', `title eq "t1" and (${many})`, 20],
    ['the negation of too many', `not (${many})`, 60],
  ])('answers filters %s', async (_, filter, total) => {
    const provider = await providerOf(100, {}, 100)
    expect((await ask(provider, filter)).totalResults).toBe(total)
    for (const { parameters } of asked) expect(parameters.length).toBeLessThanOrEqual(100)
  })
})

describe('a database with few selects per compound select', () => {
  const orOf = (count: number, term: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => term(i)).join(' or ')
  const name = (i: number) => `userName eq "user${i}"`
  it.each([
    ['5 names', orOf(5, name), 5],
    ['6 names', orOf(6, name), 6],
    ['20 names', orOf(20, name), 20],
    ['3 ids, each looked up twice', orOf(3, (i) => `id eq "u${i}"`), 3],
    ['20 ids', orOf(20, (i) => `id eq "u${i}"`), 20],
    ['26 names', orOf(26, name), 26],
    ['7 pairs', orOf(7, (i) => `(${name(i)} and emails.value eq "a" or id eq "u${i}")`), 7],
    ['7 groups', orOf(7, (i) => `groups eq "g${i}"`), 0],
    ['6 names, one by one', `title pr and (${orOf(6, name)})`, 6],
  ])('answers a filter of %s', async (_, filter, total) => {
    const provider = await providerOf(30)
    expect((await ask(provider, filter)).totalResults).toBe(total)
    for (const { sql } of asked) expect(selectsUnited(sql)).toBeLessThanOrEqual(5)
  })

  it('is checked with a correct measure', () => {
    expect(selectsUnited('select 1 union all select 2 where 3 in (select 4)')).toBe(2)
    expect(selectsUnited('select 1 from (select 2 union all select 3 union select 4) union all select 5')).toBe(3)
  })
})

/** Most selects that one compound SELECT of the statement has. */
function selectsUnited(statement: string): number {
  const open: number[] = []
  let [most, here] = [1, 1]
  for (const [token] of statement.matchAll(/[()]|\bunion\b/g)) {
    if (token === '(') {
      open.push(here)
      here = 1
    } else if (token === ')') here = open.pop() ?? 1
    else here += 1
    most = Math.max(most, here)
  }
  return most
}

describe('an invalid position', () => {
  it.each<[string, Partial<Query>]>([
    ['no JSON', { page: { after: '[', count: 1 } }],
    ['of a sorted list', { page: { after: '[1,"a"]', count: 1 } }],
    ['of a list that is not sorted', { ...sortBy('userName'), page: { after: '[1]', count: 1 } }],
    ['a number among texts', { ...sortBy('userName'), page: { after: '[1,5]', count: 1 } }],
    ['a text among times', { ...sortBy('meta.created'), page: { after: '[1,"a"]', count: 1 } }],
    ['nothing where all have something', { ...sortBy('id'), page: { after: '[1,null]', count: 1 } }],
  ])('%s', async (_, rest) => {
    await expect(ask(await providerOf(2), undefined, rest)).rejects.toThrow(TypeError)
  })
})

describe('an attribute that no document has', () => {
  it('is not searched in the keys, even if the option indexes names it', async () => {
    const manager = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName'
    const provider = await providerOf(3, { indexes: { User: [manager, 'groups.value', 'meta.version'] } })
    expect((await ask(provider, `${manager} ne "x"`)).totalResults).toBe(3)
    expect((await ask(provider, 'meta.version pr')).totalResults).toBe(3)
    expect((await ask(provider, 'not (groups.value eq "u1")', sortBy(manager))).totalResults).toBe(3)
  })
})
