/** The provider contract through a Kysely instance of the host's, on SQLite and on PostgreSQL. */
import { createRequire } from 'node:module'
import { afterAll, describe, expect, it } from '@jest/globals'
import { documentOnly, type ResourceProvider, ScimError } from '@scimkit/core'
import { bind, providerContract, testContext } from '@scimkit/testkit'
import { Kysely, PostgresDialect, type SqliteDatabase, SqliteDialect } from 'kysely'
import pg from 'pg'
import { kyselyProvider } from '../src/kysely-provider.js'
import { describePostgres } from './support/postgres.js'

// As a host would: Kysely's own dialect over a driver of the better-sqlite3 family.
function sqliteInstance(): Kysely<unknown> {
  const Database = createRequire(import.meta.url)('libsql') as new (
    path: string,
  ) => SqliteDatabase & { prepare(sql: string): { reader?: boolean } }
  return new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })
}

describe('SQLite through Kysely', () => {
  const db = sqliteInstance()
  afterAll(() => db.destroy())
  const provider: ResourceProvider = kyselyProvider(db, { dialect: 'sqlite' })
  bind(
    { it },
    providerContract(() => provider, { rounds: 5, filters: 100 }),
  )

  it('a host whose instance fails is 503, and is told that nothing was written', async () => {
    const instance = sqliteInstance()
    const failing = kyselyProvider(instance, { dialect: 'sqlite' })
    const read = async () => failing.read({ type: 'User', id: 'x' }, documentOnly, testContext())
    expect(await read()).toBeUndefined()
    await instance.destroy()
    const failure = await read().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ScimError)
  })
})

describePostgres('PostgreSQL through Kysely', (url) => {
  const pool = new pg.Pool({ connectionString: url, max: 5 })
  pool.on('error', () => {})
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  afterAll(() => db.destroy())
  const provider: ResourceProvider = kyselyProvider(db, { dialect: 'postgres' })
  bind(
    { it },
    providerContract(() => provider, { rounds: 5, filters: 100 }),
  )
})
