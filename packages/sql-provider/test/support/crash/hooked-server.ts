/**
 * A server with everything switched on that can join a write: hooks with statements of the host in the transaction, an outbox,
 * quotas, idempotency keys. For the proofs: `hooked-server serve --store sqlite:FILE|postgres://…`, as `scimkit serve` is called.
 */
import type { AddressInfo } from 'node:net'
import { argv } from 'node:process'
import { type ChangeHooks, noAuthentication, type ScimHooks } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import express from 'express'
import pg from 'pg'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { postgresProvider } from '../../../src/postgres.js'
import type { SqlProvider } from '../../../src/provider.js'
import { sqliteProvider } from '../../../src/sqlite.js'
import { sql } from '../../../src/unit.js'

const store = argv[argv.indexOf('--store') + 1] ?? ''
const file = store.startsWith('sqlite:') ? store.slice('sqlite:'.length) : undefined
const table = 'create table if not exists host_writes (kind text not null, resource text not null)'

async function onPostgres(): Promise<SqlProvider> {
  const client = new pg.Client({ connectionString: store })
  await client.connect()
  await client.query(table)
  await client.end()
  return postgresProvider(store, { outbox: true })
}

function onSqlite(path: string): SqlProvider {
  const connection = openSqlite(path)
  const provider = sqliteProvider(connection, { outbox: true })
  connection.exec('pragma busy_timeout = 5000')
  connection.exec(table)
  return provider
}

/** One row for each commit, written by the host in the transaction of the write. */
const hooks: ChangeHooks = {
  before: () => undefined,
  inTransaction({ kind, ref }, unit) {
    return unit.run(sql`insert into host_writes (kind, resource) values (${kind}, ${ref.id})`)
  },
  after: () => {},
}

const provider = file === undefined ? await onPostgres() : onSqlite(file)
await provider.migrate()
const app = express().use(
  '/scim/v2',
  scimRouter({
    provider,
    authenticate: noAuthentication(),
    quotas: { User: 1_000_000, Group: 1_000_000 },
    hooks: { User: hooks, Group: hooks } as ScimHooks,
    onError: () => {},
  }),
)
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`)
})
server.keepAliveTimeout = 60_000
