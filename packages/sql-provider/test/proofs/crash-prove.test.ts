/**
 * kill -9 of servers in the middle of writes: no acknowledged write is lost, no write is stored in part, and the store needs no
 * repair. 5 kills per store here, 1,000 with SCIMKIT_EFFORT=full.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { effort, seed } from '../../../testkit/test/support/effort.js'
import type { Driver } from '../../src/driver/driver.js'
import { postgresDriver } from '../../src/driver/postgres/driver.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../src/driver/sqlite/driver.js'
import { crashRun } from '../support/crash/crash-run.js'
import type { ServerProgram } from '../support/crash/server-process.js'
import { brokenInvariants } from '../support/invariants.js'
import { describePostgres } from '../support/postgres.js'

const kills = effort === 'full' ? 1_000 : 5
const servers = 3
const clients = 8

// Each kill is followed by the start of a process; `prove` has its own time limit.
if (effort === 'short') jest.setTimeout(300_000)

async function surviveKills(store: string, open: () => Driver, program: ServerProgram = 'scimkit'): Promise<void> {
  const tally = await crashRun({ store, kills, seed, servers, clients, program })
  console.info(
    `${store.split(':')[0]}: ${kills} kills, ${tally.acknowledged} writes acknowledged, ${tally.unanswered} unanswered, ${tally.refused} refused, ${tally.violations.length} violations`,
  )
  const driver = open()
  expect(await brokenInvariants(driver)).toEqual([])
  if (program === 'hooked') {
    const counts = ['host_writes', "scim_outbox where kind <> 'cascade'"].map((table) => ({
      sql: `select count(*) as n from ${table}`,
      parameters: [],
      lasting: false,
    }))
    const [host, outbox] = await driver.read(counts)
    // The row of the host, the row of the outbox and the write committed together, each time.
    expect(host).toEqual(outbox)
    expect(Number(host?.[0]?.n)).toBeGreaterThan(0)
  }
  await driver.close()
  expect(tally.violations).toEqual([])
  expect(tally.acknowledged).toBeGreaterThan(kills)
}

const programs: readonly ServerProgram[] = ['scimkit', 'hooked']

it.each(programs)(`SQLite: ${kills} kills of servers (%s) on one file, seed ${seed}`, async (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-crash-'))
  const file = join(folder, 'people.db')
  try {
    await surviveKills(`sqlite:${file}`, () => sqliteDriver(openSqlite(file)), program)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describe.each(programs)('%s', (program) => {
  describePostgres('PostgreSQL', (url) => {
    it(`${kills} kills of servers on one database, seed ${seed}`, async () => {
      await surviveKills(url, () => postgresDriver(url), program)
    })
  })
})
