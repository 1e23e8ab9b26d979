/** The readiness check of a store, which changes nothing. */
import { expect, test } from '@jest/globals'
import { tenantId } from '@scimkit/core'
import Database from 'libsql'
import type { PostgresClient, PostgresPool } from '../src/driver/postgres/pool.js'
import type { SqliteConnection } from '../src/driver/sqlite/connection.js'
import { postgresProvider } from '../src/postgres.js'
import { sqliteProvider } from '../src/sqlite.js'

const opened = () => new Database(':memory:') as unknown as SqliteConnection & { exec(sql: string): unknown }

test('a database without tables is not ready, and no tables are created', async () => {
  const connection = opened()
  const provider = sqliteProvider(connection)
  await expect(provider.ready()).rejects.toThrow('The database has schema 0')
  const tables = connection.prepare('select name from sqlite_master').all()
  expect(tables).toEqual([])
  await provider.migrate()
  await provider.ready()
  await provider.close()
})

test('a database of another schema, or with keys for other attributes, is not ready', async () => {
  const connection = opened()
  const provider = sqliteProvider(connection)
  await provider.migrate()
  const others = sqliteProvider(connection, { indexes: { User: ['title'] } })
  await expect(others.ready()).rejects.toThrow('keys for other attributes')
  const rows = connection.prepare("select value from scim_meta where name = 'schema'").all()
  const [{ value }] = rows as readonly [{ readonly value: string }]
  for (const [schema, words] of [
    [Number(value) - 1, 'scimkit migrate'],
    [Number(value) + 1, 'newer version'],
  ] as const) {
    connection.exec(`update scim_meta set value = '${schema}' where name = 'schema'`)
    await expect(provider.ready()).rejects.toThrow(words)
  }
  connection.exec(`update scim_meta set value = '${value}' where name = 'schema'`)
  await provider.ready()
  // Its result changes nothing for requests.
  const context = { tenant: tenantId('t') } as never
  expect(await provider.read({ type: 'User', id: '1' }, { members: 'none', derived: false }, context)).toBeUndefined()
  await provider.close()
})

test('a standby of PostgreSQL is not ready', async () => {
  const client: PostgresClient = {
    processID: 7,
    query: async () => ({ command: 'SELECT', rowCount: 1, rows: [{ pid: 7, standby: 1 }] }),
    release: () => undefined,
    on: () => undefined,
    removeListener: () => undefined,
  }
  const pool: PostgresPool = { connect: async () => client, on: () => undefined, removeListener: () => undefined }
  await expect(postgresProvider(pool).ready()).rejects.toThrow('standby')
})

test('an unreachable PostgreSQL is not ready', async () => {
  const provider = postgresProvider('postgres://nobody@127.0.0.1:9/nothing')
  await expect(provider.ready()).rejects.toMatchObject({ name: 'StoreFailure', outcome: 'nothingWritten' })
  await provider.close()
})
