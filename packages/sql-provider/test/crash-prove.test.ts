/**
 * kill -9 of servers in the middle of writes: no acknowledged write is lost, none is there by half, and the store needs
 * no repair. 5 kills here, 1,000 with SCIMKIT_EFFORT=full.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { effort, seed } from '../../testkit/test/support/effort.js'
import { openSqlite } from '../src/driver/sqlite-connection.js'
import { sqliteDriver } from '../src/driver/sqlite-driver.js'
import { crashRun } from './support/crash/crash-run.js'
import { brokenInvariants } from './support/invariants.js'

const kills = process.env.KILLS ? Number(process.env.KILLS) : effort === 'full' ? 1_000 : 5

it(`SQLite: ${kills} kills of servers on one file, seed ${seed}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-crash-'))
  try {
    const file = join(folder, 'people.db')
    const tally = await crashRun({ store: `sqlite:${file}`, kills, seed, servers: 3, clients: 8 })
    console.info(`SQLite, ${kills} kills: ${tally.acknowledged} acknowledged, ${tally.unanswered} unanswered`)
    const driver = sqliteDriver(openSqlite(file))
    expect(await brokenInvariants(driver)).toEqual([])
    await driver.close()
    expect(tally.violations).toEqual([])
    expect(tally.acknowledged).toBeGreaterThan(kills)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
