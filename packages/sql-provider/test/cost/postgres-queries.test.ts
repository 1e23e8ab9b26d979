/**
 * Frequent queries of identity providers cost the same for any number of resources, also while the server has no statistics of the
 * tables.
 */
import { expect, test } from '@jest/globals'
import { defaultLimits, tenantId } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import { documentOnly, type Needs, type Query } from '@scimkit/core/provider'
import { resolvePath } from '@scimkit/core/schema'
import { testContext } from '@scimkit/testkit'
import { postgresProvider } from '../../src/postgres.js'
import { administer, describePostgres } from '../support/postgres.js'
import { type TypeName, types } from '../support/query/types.js'

const there = 4_000
const perGroup = 20
const interop = interopFrom('lenient')
const derived: Needs = { members: 'none', derived: true }
const members: Needs = { members: { first: 101 }, derived: false }

/** As many names, and as many ids. */
function namesAndIds(count: number): string {
  return Array.from({ length: count }, (_, i) => `userName eq "user${i}" or id eq "u${i + count}"`).join(' or ')
}

const questions: readonly [TypeName, string | undefined, Partial<Query>][] = [
  ['User', 'userName eq "user7"', {}],
  ['User', 'userName eq "user7"', { needs: derived }],
  ['User', 'userName eq "user7" and active eq true', {}],
  ['User', 'userName eq "user7" or userName eq "user8"', {}],
  ['User', namesAndIds(6), {}],
  ['User', namesAndIds(50), {}],
  ['User', 'id eq "u7"', {}],
  ['User', 'id eq "u7" or userName eq "user8"', { needs: derived }],
  ['User', 'userName sw "user77"', {}],
  ['User', 'emails[type eq "work" and value eq "user7"]', {}],
  ['User', 'groups eq "g7"', {}],
  ['User', undefined, { page: { after: undefined, count: 5 } }],
  ['User', undefined, { page: { after: '[50]', count: 5 }, needs: derived }],
  ['Group', 'members eq "u7"', {}],
  ['Group', 'id eq "g7" and members eq "u7"', {}],
  ['Group', 'displayName eq "group7"', { needs: members }],
  ['Group', 'displayName eq "group7" and members[value eq "u7" and type eq "User"]', {}],
]

function queryOf(type: TypeName, filter: string | undefined, rest: Partial<Query>): Query {
  return {
    filter: filter === undefined ? undefined : parseFilter(filter, types[type], interop, defaultLimits),
    sort: undefined,
    page: { startIndex: 1, count: 20 },
    needs: documentOnly,
    ...rest,
  }
}

describePostgres('queries in a PostgreSQL without statistics', (url) => {
  const tables = ['scim_resources', 'scim_keys', 'scim_members']
  const context = testContext(tenantId('one'))

  /** Rows that were read, from a table or an index. The server counts them when a connection ends. */
  async function rowsRead(): Promise<number> {
    const names = tables.map((table) => `'${table}'`).join()
    const [row] = await administer(url, [
      `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_user_tables where relname in (${names})`,
    ])
    return Number(row?.read)
  }

  async function costOf(ask: (provider: ReturnType<typeof postgresProvider>) => Promise<unknown>): Promise<number> {
    const before = await rowsRead()
    const provider = postgresProvider(url, { maxConnections: 1, migrations: 'never' })
    await ask(provider)
    await provider.close()
    return (await rowsRead()) - before
  }

  test('no whole table and no whole type is read', async () => {
    const first = postgresProvider(url)
    await first.migrate()
    await first.close()
    await administer(url, [
      ...tables.map((table) => `alter table ${table} set (autovacuum_enabled = off)`),
      `insert into scim_resources (tenant, type, id, version, generation, created, created_ms, modified, modified_ms, display, doc)
       select 'one', type, letter || n, '1-a', 1, '2026-01-01T00:00:00Z', 0, '2026-01-01T00:00:00Z', 0, name || n,
         json_build_object('id', letter || n, 'active', true, 'userName', name || n, 'displayName', name || n)
       from generate_series(1, ${there}) as n, (values ('User', 'u', 'user'), ('Group', 'g', 'group')) as t (type, letter, name)`,
      `insert into scim_keys (row_id, tenant, type, path, sorts, kind, fold)
       select row_id, tenant, type, path, 1, 's', display
       from scim_resources, (values ('User', 'userName'), ('User', 'emails.value'), ('Group', 'displayName')) as p (of, path)
       where type = of`,
      `insert into scim_members (group_row, tenant, member_id, member_key)
       select row_id, tenant, 'u' || n % ${there}, 'u' || n % ${there}
       from scim_resources, generate_series(row_id * ${perGroup}, row_id * ${perGroup} + ${perGroup} - 1) as n
       where type = 'Group'`,
    ])
    const costs: string[] = []
    for (const [type, filter, rest] of questions) {
      const query = queryOf(type, filter, rest)
      const cost = await costOf((provider) => Promise.resolve(provider.query(type, query, context)))
      if (cost > there / 4) costs.push(`${type} ${filter ?? 'all'}: ${cost} rows`)
    }
    const reads: readonly [TypeName, string, Needs][] = [
      ['User', 'u7', derived],
      ['Group', 'g7', { members: 'all', derived: false }],
      ['Group', 'g7', { members: { only: ['u7', 'u9'] }, derived: false }],
    ]
    for (const [type, id, needs] of reads) {
      const cost = await costOf((provider) => Promise.resolve(provider.read({ type, id }, needs, context)))
      if (cost > there / 4) costs.push(`read ${id}: ${cost} rows`)
    }
    expect(costs).toEqual([])
  })

  test('nor for a page in the order of userName', async () => {
    const path = resolvePath(types.User, 'userName', interop)
    if (path === undefined) throw new Error('userName')
    await administer(url, ['analyze'])
    const rest: Partial<Query> = { sort: { path, descending: false }, page: { after: '[1,"user2"]', count: 5 } }
    const cost = await costOf((provider) =>
      Promise.resolve(provider.query('User', queryOf('User', undefined, rest), context)),
    )
    expect(cost).toBeLessThan(there / 4)
  })
})
