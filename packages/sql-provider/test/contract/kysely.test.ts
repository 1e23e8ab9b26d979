/** The provider contract through a Kysely instance of the host, on SQLite and on PostgreSQL. */
import { createRequire } from 'node:module'
import { afterAll, describe, expect, it } from '@jest/globals'
import { ScimError } from '@scimkit/core'
import { documentOnly, type ResourceProvider } from '@scimkit/core/provider'
import { bind, providerContract, testContext } from '@scimkit/testkit'
import {
  CamelCasePlugin,
  CompiledQuery,
  Kysely,
  type KyselyPlugin,
  ParseJSONResultsPlugin,
  PostgresDialect,
  type SqliteDatabase,
  SqliteDialect,
  sql,
} from 'kysely'
import pg from 'pg'
import { kyselyDriver } from '../../src/driver/kysely/driver.js'
import { kyselyProvider } from '../../src/kysely.js'
import { SchemaMismatch } from '../../src/schema/migrate.js'
import { notesIn } from '../support/host-notes.js'
import { describePostgres } from '../support/postgres.js'

// As a host would: Kysely's own dialect over a driver of the better-sqlite3 family.
function sqliteInstance(plugins: KyselyPlugin[] = []): Kysely<unknown> {
  const Database = createRequire(import.meta.url)('libsql') as new (
    path: string,
  ) => SqliteDatabase & { prepare(sql: string): { reader?: boolean } }
  return new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(':memory:') }), plugins })
}

const notesOf = (db: Kysely<unknown>) =>
  notesIn(async (text) => (await db.executeQuery(CompiledQuery.raw(text))).rows, true)

describe('SQLite through Kysely', () => {
  const db = sqliteInstance()
  afterAll(() => db.destroy())
  const provider: ResourceProvider = kyselyProvider(db, { dialect: 'sqlite' })
  bind(
    { it },
    providerContract(() => provider, { rounds: 5, filters: 100, notes: notesOf(db) }),
  )

  it('a failure of the instance is 503, and the answer says that nothing was written', async () => {
    const instance = sqliteInstance()
    const failing = kyselyProvider(instance, { dialect: 'sqlite' })
    const read = async () => failing.read({ type: 'User', id: 'x' }, documentOnly, testContext())
    expect(await read()).toBeUndefined()
    await instance.destroy()
    const failure = await read().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ScimError)
  })

  it('a database of a newer version is a SchemaMismatch, and not a failure of the store', async () => {
    const instance = sqliteInstance()
    await kyselyProvider(instance, { dialect: 'sqlite' }).migrate()
    await sql`update scim_meta set value = '9999' where name = 'schema'`.execute(instance)
    const older = kyselyProvider(instance, { dialect: 'sqlite' })
    await expect(older.migrate()).rejects.toBeInstanceOf(SchemaMismatch)
    await expect(older.read({ type: 'User', id: 'x' }, documentOnly, testContext())).rejects.toBeInstanceOf(
      SchemaMismatch,
    )
    await instance.destroy()
  })

  it('an error of a schema change itself is passed on; an error of the database is a store failure', async () => {
    const instance = sqliteInstance()
    const driver = kyselyDriver(instance as unknown as Kysely<never>, { dialect: 'sqlite' })
    const ask = (text: string) => ({ sql: text, parameters: [], lasting: false })
    const error = new TypeError('no schema of mine')
    const throwing = driver.exclusive(async (run) => {
      await run(ask('create table made (n int primary key)'))
      throw error
    })
    await expect(throwing).rejects.toBe(error)
    expect(await driver.read([ask("select name from sqlite_master where name = 'made'")])).toEqual([[]])
    const refused = driver.exclusive(async (run) => {
      await run(ask('create table made (n int primary key)'))
      await run(ask('insert into made values (1), (1)'))
    })
    await expect(refused).rejects.toMatchObject({ name: 'StoreFailure', outcome: 'nothingWritten' })
    await instance.destroy()
  })
})

// The plugins of a host are for its own tables: they would rename the columns and parse the documents of the provider.
describe.each([
  ['CamelCasePlugin', () => new CamelCasePlugin()],
  ['ParseJSONResultsPlugin', () => new ParseJSONResultsPlugin()],
])('an instance with the %s', (_, plugin) => {
  const db = sqliteInstance([plugin()])
  afterAll(() => db.destroy())
  const provider: ResourceProvider = kyselyProvider(db, { dialect: 'sqlite', history: 20 })
  bind(
    { it },
    providerContract(() => provider, { rounds: 2, filters: 20 }),
  )
})

describePostgres('PostgreSQL through Kysely', (url) => {
  const pool = new pg.Pool({ connectionString: url, max: 5 })
  pool.on('error', () => {})
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  afterAll(() => db.destroy())
  const provider: ResourceProvider = kyselyProvider(db, { dialect: 'postgres' })
  bind(
    { it },
    providerContract(() => provider, { rounds: 5, filters: 100, notes: notesOf(db) }),
  )
})
