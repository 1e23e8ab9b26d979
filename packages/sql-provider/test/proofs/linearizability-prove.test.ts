/**
 * REL-1 in the hardest setting: four operating-system processes on one SQLite file, and on one PostgreSQL, 16 clients, 32 hot
 * ids; with `scimkit serve`, and with hooks, an outbox and quotas switched on. 6 seconds per store here; 50,000 operations with each of 20 seeds with SCIMKIT_EFFORT=full.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, jest, test } from '@jest/globals'
import { linearizability } from '@scimkit/testkit'
import { effort, seed } from '../../../testkit/test/support/effort.js'
import type { Driver, Statement } from '../../src/driver/driver.js'
import { postgresDriver } from '../../src/driver/postgres/driver.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../src/driver/sqlite/driver.js'
import { type ServerProcess, type ServerProgram, serverProcess } from '../support/crash/server-process.js'
import { describePostgres } from '../support/postgres.js'

const processes = 4
const { seeds, operations, milliseconds } = {
  short: { seeds: 1, operations: 1_000_000, milliseconds: 6_000 },
  full: { seeds: Number(process.env.SCIMKIT_SEEDS ?? 20), operations: 50_000, milliseconds: 3_600_000 },
}[effort]

jest.setTimeout({ short: 240_000, full: 24 * 3_600_000 }[effort])

async function play(store: string, program: ServerProgram = 'scimkit'): Promise<void> {
  const servers = Array.from({ length: processes }, () => serverProcess(store, [], program))
  // One after the other: the first one creates the tables.
  for (const server of servers) await server.start()
  try {
    for (let own = seed; own < seed + seeds; own++) {
      await playOnce(store, servers, own)
      // The check of a history blocks the event loop: closed connections of servers are noticed only now.
      await setTimeout(500)
    }
  } finally {
    await Promise.all(servers.map((server) => server.kill()))
  }
}

async function playOnce(store: string, servers: readonly ServerProcess[], own: number): Promise<void> {
  const exchanges = servers.flatMap((server) => server.exchange() ?? [])
  const report = await linearizability({ servers: exchanges, operations, milliseconds, seed: own })
  const { violations, undecided, counts, ...figures } = report
  process.stdout.write(`linearizability on ${store.split(':')[0]}: ${JSON.stringify({ ...figures, ...counts })}\n`)
  expect({ violations, undecided }).toEqual({ violations: [], undecided: [] })
  expect(report.conflicts).toBeGreaterThan(0)
}

/** Every commit has one row of the host and one in the outbox; a removal has more, one for each group that it changed. */
async function ensureRecordedOnce(driver: Driver): Promise<void> {
  const count = (table: string): Statement => ({
    sql: `select count(*) as n from ${table}`,
    parameters: [],
    lasting: false,
  })
  const [host, outbox, guard] = await driver.read([
    count('host_writes'),
    count("scim_outbox where kind <> 'cascade'"),
    count('scim_guard'),
  ])
  await driver.close()
  expect(host).toEqual(outbox)
  expect(Number(host?.[0]?.n)).toBeGreaterThan(0)
  expect(Number(guard?.[0]?.n)).toBe(0)
}

const programs: readonly ServerProgram[] = ['scimkit', 'hooked']

test.each(programs)(`SQLite: ${processes} processes of %s on one file (seed ${seed})`, async (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-linear-'))
  const file = join(folder, 'people.db')
  try {
    await play(`sqlite:${file}`, program)
    if (program === 'hooked') await ensureRecordedOnce(sqliteDriver(openSqlite(file)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describe.each(programs)('%s', (program) => {
  describePostgres('PostgreSQL', (url) => {
    test(`${processes} processes on one database (seed ${seed})`, async () => {
      await play(url, program)
      if (program === 'hooked') await ensureRecordedOnce(postgresDriver(url))
    })
  })
})
