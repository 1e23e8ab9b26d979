/**
 * REL-8: 8 clients create, join and delete users and groups on servers that reject unknown members and are killed meanwhile. No
 * deleted user is a member, and a group that lost a member has another tag. 4 seconds per store here, 10 minutes with
 * SCIMKIT_EFFORT=full.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { effort, seed } from '../../../testkit/test/support/effort.js'
import type { Driver } from '../../src/driver/driver.js'
import { postgresDriver } from '../../src/driver/postgres/driver.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../src/driver/sqlite/driver.js'
import { integrityRun } from '../support/integrity/integrity-run.js'
import { brokenInvariants, membersOfNobody } from '../support/invariants.js'
import { describePostgres } from '../support/postgres.js'

const milliseconds = { short: 4_000, full: 600_000 }[effort]

jest.setTimeout({ short: 300_000, full: 24 * 3_600_000 }[effort])

async function keepIntegrity(store: string, open: () => Driver): Promise<void> {
  const { violations, ...figures } = await integrityRun({ store, seed, milliseconds, servers: 3, clients: 8 })
  process.stdout.write(`integrity on ${store.split(':')[0]}: ${JSON.stringify(figures)}\n`)
  const driver = open()
  expect({ violations, broken: await brokenInvariants(driver), strangers: await membersOfNobody(driver) }).toEqual({
    violations: [],
    broken: [],
    strangers: 0,
  })
  await driver.close()
  // A run without such events would prove nothing.
  for (const figure of [figures.kills, figures.acknowledged, figures.removals]) expect(figure).toBeGreaterThan(0)
}

test(`SQLite: three servers on one file (seed ${seed})`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-integrity-'))
  const file = join(folder, 'people.db')
  try {
    await keepIntegrity(`sqlite:${file}`, () => sqliteDriver(openSqlite(file)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describePostgres('PostgreSQL', (url) => {
  test(`three servers on one database (seed ${seed})`, () => keepIntegrity(url, () => postgresDriver(url)))
})
