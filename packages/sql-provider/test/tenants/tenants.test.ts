/** The tenants of a database: listed, counted, exported, removed, without a trace of another tenant. */
import { createRequire } from 'node:module'
import { afterAll, describe, expect, test } from '@jest/globals'
import { type ScimContext, tenantId } from '@scimkit/core'
import type { JsonObject } from '@scimkit/core/json'
import { documentOnly, exactKey, type Tenants } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { testContext } from '@scimkit/testkit'
import { CompiledQuery, Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { d1Provider } from '../../src/d1.js'
import { openSqlite, rowsOf, type SqliteConnection } from '../../src/driver/sqlite/connection.js'
import { durableObjectProvider } from '../../src/durable-object.js'
import { kyselyProvider } from '../../src/kysely.js'
import type { SqlProvider } from '../../src/provider.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { fakeD1 } from '../support/edge/fake-d1.js'
import { fakeDurableObject } from '../support/edge/fake-durable-object.js'
import { writesTo } from '../support/outbox/outbox-writes.js'
import { administer, describePostgres } from '../support/postgres.js'
import { freshProviders } from '../support/postgres-schemas.js'

type Ask = (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** A database of a test; `ask` runs a statement without the provider. */
interface Tested {
  readonly provider: SqlProvider
  readonly ask: Ask
  readonly tables: string
}

const options = { history: 3, outbox: true } as const
const inSqlite = `select m.name as tab, c.name as col from sqlite_master as m, pragma_table_info(m.name) as c where m.type = 'table' and m.name like 'scim_%'`
const asking =
  (connection: SqliteConnection): Ask =>
  async (statement) =>
    rowsOf(connection.prepare(statement), [])

let made = 0
const nameOf = (): string => `t${++made}-${Date.now()}`
const contextOf = (tenant: string): ScimContext => testContext(tenantId(tenant))
const passwordOf = (tenant: string, id: string): string => `password.${JSON.stringify([tenant, 'User', id])}`
const factsOf = (tenant: string): readonly string[] => [`password.${JSON.stringify([tenant]).slice(0, -1)},`]

/** Writes something of every kind for a tenant: `users` users, and groups with many members. */
async function fill(provider: SqlProvider, tenant: string, users = 7): Promise<void> {
  const context = contextOf(tenant)
  const [user, group] = [writesTo(provider, context), writesTo(provider, context, 'Group')]
  for (let number = 0; number < users; number++) {
    const creationKey = { principal: 'p', key: `k${number}`, digest: 'd', expired: '2000-01-01T00:00:00.000Z' }
    await user.create(`u${number}`, { creationKey, unique: [{ attribute: 'userName', key: `${number}` }] })
    await provider.facts.swap(passwordOf(tenant, `u${number}`), undefined, 'hash')
  }
  await user.change('u0', 2)
  const members = (ids: readonly string[]) => ({ members: { add: ids.map((value) => ({ value })), remove: [] } })
  await group.create('small', members(['u0', 'u1', 'small']))
  await group.create('large', members(Array.from({ length: 1_200 }, (_, number) => `m${number}`)))
  await provider.outbox.deliverDue(() => Promise.reject(new Error('fails')), {
    consumer: 'consumer',
    onError: () => {},
  })
  const records = Array.from({ length: 12 }, (_, number) => number)
  for (const kind of ['token', 'connection']) {
    const inserts = records.map((id) => ({
      change: 'insert' as const,
      kind,
      id: `${tenant}-${id}`,
      tenant,
      value: '{}',
    }))
    await provider.records.write(inserts)
  }
}

/** Every row of every table with a tenant, and every fact, by table: what an operator would see. */
async function rowsOfTenants({ ask, tables }: Tested): Promise<Readonly<Record<string, Record<string, number>>>> {
  const columns = await ask(tables)
  const names = [...new Set(columns.filter(({ col }) => col === 'tenant').map(({ tab }) => String(tab)))]
  expect(names.sort()).toEqual([
    'scim_creation_keys',
    'scim_keys',
    'scim_members',
    'scim_outbox',
    'scim_records',
    'scim_resources',
  ])
  const found: Record<string, Record<string, number>> = {}
  const note = (tenant: string, table: string, count: number): void => {
    const own = found[tenant] ?? {}
    found[tenant] = { ...own, [table]: (own[table] ?? 0) + count }
  }
  for (const name of names) {
    const rows = await ask(`select tenant, count(*) as n from ${name} group by tenant`)
    for (const { tenant, n } of rows) note(String(tenant), name, Number(n))
  }
  for (const { name } of await ask(`select name from scim_meta where name like 'host.password.%'`)) {
    note((JSON.parse(String(name).slice('host.password.'.length)) as string[])[0] ?? '', 'facts', 1)
  }
  for (const table of ['scim_history', 'scim_deliveries', 'scim_keys']) {
    const owner = table === 'scim_deliveries' ? ['scim_outbox', 'position'] : ['scim_resources', 'row_id']
    const orphans = await ask(
      `select count(*) as n from ${table} where ${owner[1]} not in (select ${owner[1]} from ${owner[0]} where ${owner[1]} is not null)`,
    )
    expect([table, Number(orphans[0]?.n)]).toEqual([table, 0])
  }
  return found
}

async function documents(tenants: Tenants, tenant: string): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = []
  for await (const document of tenants.export(tenant)) all.push(document)
  return all
}

function testTenants(open: () => Tested): void {
  test('are listed by code point, in pages', async () => {
    const { provider } = open()
    const prefix = nameOf()
    const names = ['', '!', 'A', 'a', '~', 'é', '中', '😀'].map((end) => prefix + end)
    for (const name of [...names].reverse()) await writesTo(provider, contextOf(name)).create('u')
    await provider.records.write([{ change: 'insert', kind: 'k', id: `${prefix}r`, tenant: `${prefix}z`, value: '1' }])
    const all = [...names.slice(0, 4), `${prefix}z`, ...names.slice(4)]
    expect(await provider.tenants.list({ after: prefix.slice(0, -1), count: 1_000 })).toEqual(all)
    for (const [number, after] of all.entries()) {
      expect(await provider.tenants.list({ after, count: 2 })).toEqual(all.slice(number + 1, number + 3))
    }
    await expect(provider.tenants.list({ count: 0 })).rejects.toBeInstanceOf(TypeError)
    for (const name of all) await provider.tenants.remove(name)
    expect(await provider.tenants.list({ after: prefix.slice(0, -1), count: 10 })).toEqual([])
  })

  test('are counted, and exported with all members', async () => {
    const { provider } = open()
    const tenant = nameOf()
    expect(await provider.tenants.stats(tenant)).toBeUndefined()
    await fill(provider, tenant, 45)
    const exported = await documents(provider.tenants, tenant)
    const texts = exported.map(({ members: _, meta: __, ...document }) => JSON.stringify(document))
    expect(await provider.tenants.stats(tenant)).toEqual({
      tenant,
      resources: { Group: 2, User: 45 },
      members: 1_203,
      documentBytes: texts.join('').length,
      lastModified: expect.stringMatching(/^\d{4}-.*Z$/),
      outbox: 48,
      records: 24,
      creationKeys: 45,
    })
    expect(exported.map(({ id }) => id)).toEqual(['small', 'large', ...Array.from({ length: 45 }, (_, n) => `u${n}`)])
    expect(exported[0]?.members).toEqual([
      { value: 'u0', type: 'User' },
      { value: 'u1', type: 'User' },
      expect.objectContaining({ value: 'small' }),
    ])
    expect(exported[1]?.members).toHaveLength(1_200)
    expect(exported[2]).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: 'u0',
      title: 'v2',
      meta: {
        resourceType: 'User',
        created: expect.any(String),
        lastModified: expect.any(String),
        version: 'W/"2-0123456789abcdef-000000000002"',
      },
    })
  })

  test('are removed from every table, and others stay as they are', async () => {
    const tested = open()
    const { provider } = tested
    // Names that a prefix or a pattern would confuse.
    const tenant = nameOf()
    const others = [`${tenant}2`, `${tenant.toUpperCase()}`, `${tenant}%`, `${tenant}",`, `_${tenant.slice(1)}`]
    for (const other of [tenant, ...others]) await fill(provider, other)
    const before = await rowsOfTenants(tested)
    expect(Object.keys(before[tenant] ?? {}).sort()).toEqual([
      'facts',
      'scim_creation_keys',
      'scim_keys',
      'scim_members',
      'scim_outbox',
      'scim_records',
      'scim_resources',
    ])
    const steps: number[] = []
    const removed = await provider.tenants.remove(tenant, {
      facts: factsOf(tenant),
      progress: (so) => steps.push(Object.values(so).reduce((sum, count) => sum + count, 0)),
    })
    expect(removed).toMatchObject({
      resources: 9,
      members: 1_203,
      history: 9,
      outbox: 10,
      creationKeys: 7,
      records: 24,
      facts: 7,
    })
    expect(removed.deliveries).toBeGreaterThan(0)
    expect(steps).toEqual([...steps].sort((one, two) => one - two))
    expect(steps.length).toBeGreaterThan(5)
    const { [tenant]: own, ...rest } = before
    expect(await rowsOfTenants(tested)).toEqual(rest)
    expect(await provider.tenants.stats(tenant)).toBeUndefined()
    const again = await provider.tenants.remove(tenant, { facts: factsOf(tenant) })
    expect(Object.values(again).every((count) => count === 0)).toBe(true)
    // The tenant may be created again.
    await fill(provider, tenant)
    expect(await rowsOfTenants(tested)).toEqual(before)
    expect((await provider.outbox.read({ tenant })).changes).toHaveLength(10)
  })

  test('that are written meanwhile lose nothing partially', async () => {
    const tested = open()
    const { provider } = tested
    const tenant = nameOf()
    await fill(provider, tenant, 120)
    const context = contextOf(tenant)
    let stopped = false
    const writing = (async () => {
      const created: string[] = []
      for (let number = 0; !stopped; number++) {
        await writesTo(provider, context).create(`new${number}`, {
          unique: [{ attribute: 'userName', key: `n${number}` }],
        })
        await writesTo(provider, context).change(`u${number % 120}`, 2, {
          unique: [{ attribute: 'userName', key: `c${number}` }],
        })
        created.push(`new${number}`)
        await new Promise((resolve) => setImmediate(resolve))
      }
      return created
    })()
    await provider.tenants.remove(tenant, { facts: factsOf(tenant) })
    stopped = true
    await writing
    const { [tenant]: left } = await rowsOfTenants(tested)
    const exported = await documents(provider.tenants, tenant)
    expect(exported.filter(({ id }) => !String(id).startsWith('new'))).toEqual([])
    expect(left?.scim_keys ?? 0).toBe(exported.length)
    await provider.tenants.remove(tenant)
    expect((await rowsOfTenants(tested))[tenant]).toBeUndefined()
  })

  test('that have no name are a TypeError', async () => {
    const { provider } = open()
    await expect(provider.tenants.remove('')).rejects.toBeInstanceOf(TypeError)
    await expect(provider.tenants.stats('')).rejects.toBeInstanceOf(TypeError)
  })
}

describe('tenants in SQLite', () => {
  const connection = openSqlite(':memory:')
  const provider = sqliteProvider(connection, options)
  afterAll(() => provider.close())
  testTenants(() => ({ provider, ask: asking(connection), tables: inSqlite }))
})

describe('tenants in SQLite through Kysely', () => {
  const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqliteDatabase
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })
  afterAll(() => db.destroy())
  const provider = kyselyProvider(db, { dialect: 'sqlite', ...options })
  const ask: Ask = async (text) => (await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text))).rows
  testTenants(() => ({ provider, ask, tables: inSqlite }))
})

describe('tenants in an imitation of D1', () => {
  const connection = openSqlite(':memory:')
  const provider = d1Provider(fakeD1(connection), options)
  testTenants(() => ({ provider, ask: asking(connection), tables: inSqlite }))
})

describe('tenants in an imitation of a Durable Object', () => {
  const connection = openSqlite(':memory:')
  const provider = durableObjectProvider(fakeDurableObject(connection), options)
  testTenants(() => ({ provider, ask: asking(connection), tables: inSqlite }))
})

describePostgres('tenants in PostgreSQL', (url) => {
  const provider = freshProviders(url)(options)
  const own = new URL(url)
  own.searchParams.set('options', '-c search_path=s0')
  const tables = `select table_name as tab, column_name as col from information_schema.columns where table_schema = 's0'`
  testTenants(() => ({ provider, ask: (statement) => administer(own.href, [statement]), tables }))
})

describe('tenants in memory', () => {
  test('are listed, counted, exported and removed as in a database', async () => {
    const [memory, sqlite] = [memoryProvider({ history: 3 }), sqliteProvider(':memory:', { history: 3 })]
    const tenant = 'acme'
    for (const { insert, replace, remove } of [memory, sqlite]) {
      const provider = {
        insert: async (...all: Parameters<typeof insert>) => insert(...all),
        replace: async (...all: Parameters<typeof replace>) => replace(...all),
        remove: async (...all: Parameters<typeof remove>) => remove(...all),
      }
      await writesTo(provider, contextOf('other')).create('u')
      await writesTo(provider, contextOf(tenant)).create('ü')
      await writesTo(provider, contextOf(tenant)).change('ü', 2)
      const members = { add: [{ value: 'ü' }, { value: 'y' }], remove: [] }
      await writesTo(provider, contextOf(tenant), 'Group').create('g', { members })
    }
    expect(await memory.tenants.list({ count: 10 })).toEqual(['acme', 'other'])
    expect(await memory.tenants.list({ after: 'acme', count: 10 })).toEqual(['other'])
    expect(await memory.tenants.stats(tenant)).toEqual(await sqlite.tenants.stats(tenant))
    expect(await documents(memory.tenants, tenant)).toEqual(await documents(sqlite.tenants, tenant))
    expect(await memory.tenants.remove(tenant)).toEqual(await sqlite.tenants.remove(tenant))
    expect(await memory.tenants.list({ count: 10 })).toEqual(['other'])
    expect(await memory.tenants.stats(tenant)).toBeUndefined()
    expect(await memory.read({ type: 'User', id: exactKey('ü') }, documentOnly, contextOf(tenant))).toBeUndefined()
    await sqlite.close()
  })
})
