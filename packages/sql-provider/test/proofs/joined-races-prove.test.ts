/** The races with everything that joins a write: hooks with statements of the host, an outbox, quotas. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import { bind, raceContract, races, viaHandler } from '@scimkit/testkit'
import { effort } from '../../../testkit/test/support/effort.js'
import { openSqlite, rowsOf } from '../../src/driver/sqlite/connection.js'
import { postgresProvider } from '../../src/postgres.js'
import type { SqlProvider } from '../../src/provider.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { everythingOn, hostWrites } from '../support/everything-on.js'
import { administer, describePostgres } from '../support/postgres.js'

if (effort === 'short') jest.setTimeout(300_000)

/** The races through a server; then every commit has one row of the host and one in the outbox. */
function bindRaces(provider: SqlProvider, count: (table: string) => unknown): void {
  const { handle } = createScim({ provider, authenticate: noAuthentication(), ...everythingOn })
  bind({ test }, raceContract(races, viaHandler(handle), effort))

  test('each commit has one row of the host and one in the outbox', async () => {
    const [host, outbox] = [await count('host_writes'), await count("scim_outbox where kind <> 'cascade'")]
    expect(host).toEqual(outbox)
    expect(host).not.toEqual([{ n: 0 }])
  })
}

describe('races on SQLite, with hooks, an outbox and quotas', () => {
  const connection = openSqlite(':memory:')
  const provider = sqliteProvider(connection, { outbox: true })
  connection.exec(hostWrites)
  afterAll(() => provider.close())
  bindRaces(provider, (table) => rowsOf(connection.prepare(`select count(*) as n from ${table}`), []))
})

describePostgres('races on PostgreSQL, with hooks, an outbox and quotas', (url) => {
  const provider = postgresProvider(url, { outbox: true })
  beforeAll(() => administer(url, [hostWrites]))
  afterAll(() => provider.close())
  bindRaces(provider, (table) => administer(url, [`select count(*)::int as n from ${table}`]))
})
