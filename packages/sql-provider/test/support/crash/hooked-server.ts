/**
 * A server with everything switched on that can join a write: hooks with statements of the host in the transaction, an outbox,
 * quotas, idempotency keys. For the proofs: `hooked-server serve --store sqlite:FILE|postgres://…`, as `scimkit serve` is called.
 */
import type { AddressInfo } from 'node:net'
import { argv } from 'node:process'
import { noAuthentication } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import express from 'express'
import pg from 'pg'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { postgresProvider } from '../../../src/postgres.js'
import type { SqlProvider } from '../../../src/provider.js'
import { sqliteProvider } from '../../../src/sqlite.js'
import { everythingOn, hostWrites } from '../everything-on.js'

const store = argv[argv.indexOf('--store') + 1] ?? ''
const file = store.startsWith('sqlite:') ? store.slice('sqlite:'.length) : undefined
async function onPostgres(): Promise<SqlProvider> {
  const client = new pg.Client({ connectionString: store })
  await client.connect()
  await client.query(hostWrites)
  await client.end()
  return postgresProvider(store, { outbox: true })
}

function onSqlite(path: string): SqlProvider {
  const connection = openSqlite(path)
  const provider = sqliteProvider(connection, { outbox: true })
  connection.exec('pragma busy_timeout = 5000')
  connection.exec(hostWrites)
  return provider
}

const provider = file === undefined ? await onPostgres() : onSqlite(file)
await provider.migrate()
const app = express().use(
  '/scim/v2',
  scimRouter({
    provider,
    authenticate: noAuthentication(),
    ...everythingOn,
    onError: () => {},
  }),
)
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`)
})
server.keepAliveTimeout = 60_000
