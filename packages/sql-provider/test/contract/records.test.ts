/** The contract of record stores, on every database that Node reaches. */

import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it } from '@jest/globals'
import { bind, recordStoreContract } from '@scimkit/testkit'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { d1Provider } from '../../src/d1.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { durableObjectProvider } from '../../src/durable-object.js'
import { kyselyProvider } from '../../src/kysely.js'
import type { SqlProvider } from '../../src/provider.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { fakeD1 } from '../support/edge/fake-d1.js'
import { fakeDurableObject } from '../support/edge/fake-durable-object.js'
import { describePostgres } from '../support/postgres.js'
import { postgresProviders } from '../support/postgres-providers.js'
import { freshProviders } from '../support/postgres-schemas.js'

const missing = ['', (): SqlProvider => sqliteProvider(':memory:')] as const
const folder = mkdtempSync(join(tmpdir(), 'scimkit-records-'))
const opened: SqlProvider[] = []
const kept = <Provider extends SqlProvider>(provider: Provider): Provider => {
  opened.push(provider)
  return provider
}
afterAll(async () => {
  for (const provider of opened) await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

function bindRecords(one: SqlProvider, other: SqlProvider = one): void {
  bind(
    { it },
    recordStoreContract(() => one.records, { other: () => other.records }),
  )
}

describe.each(['wal', 'rollback'] as const)('records in SQLite, journal %s, from two connections', (journal) => {
  const open = () =>
    kept(
      sqliteProvider(join(folder, `${journal}.db`), {
        durability: 'normal',
        engine: 'libsql',
        ...(journal === 'rollback' && { journal }),
      }),
    )
  bindRecords(open(), open())
})

describe('records in SQLite through Kysely', () => {
  const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqliteDatabase
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })
  afterAll(() => db.destroy())
  bindRecords(kyselyProvider(db, { dialect: 'sqlite' }))
})

describe('records in an imitation of D1', () => {
  const connection = openSqlite(':memory:')
  bindRecords(d1Provider(fakeD1(connection)))
})

describe('records in an imitation of a Durable Object', () => {
  bindRecords(durableObjectProvider(fakeDurableObject(openSqlite(':memory:'))))
})

describePostgres('records in PostgreSQL', (url) => {
  const fresh = freshProviders(url)
  describe('our own driver', () => {
    bindRecords(fresh())
  })
  describe('behind a pooler', () => {
    bindRecords(fresh({ prepare: false }))
  })
  describe('serializable', () => {
    bindRecords(fresh({ isolation: 'serializable' }))
  })
  describe("our own driver, and a host's Kysely, on one database", () => {
    const [[, own] = missing, [, ofHost] = missing] = postgresProviders(url)
    const providers = [own(), ofHost()] as const
    afterAll(() => Promise.all(providers.map((provider) => provider.close())))
    bindRecords(...providers)
  })
})
