/**
 * Three servers on one SQLite file, and a process that checkpoints it without pause: with the WAL-reset bug, SQLite before 3.51.3
 * loses acknowledged writes here within minutes, and damages the file. A few seconds each, 300 with SCIMKIT_EFFORT=full.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { effort } from '../../../testkit/test/support/effort.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { hasWalFix, versionOf } from '../../src/driver/sqlite/version.js'
import { serverProcess } from '../support/crash/server-process.js'
import { lostIn, writeThrough } from '../support/shared-file/acknowledged.js'
import { checkpointer } from '../support/shared-file/checkpointer.js'

const milliseconds = { short: 4_000, full: 300_000 }[effort]
const folder = mkdtempSync(join(tmpdir(), 'scimkit-shared-file-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function share(name: string, engine: 'libsql' | 'node:sqlite', flags: readonly string[]): Promise<void> {
  const file = join(folder, `${name}.db`)
  const servers = [1, 2, 3].map(() => serverProcess(`sqlite:${file}`, ['--sqlite-engine', engine, ...flags]))
  try {
    await Promise.all(servers.map((server) => server.start()))
    const beside = checkpointer(file, engine)
    const exchanges = servers.flatMap((server) => server.exchange() ?? [])
    const acknowledged = await writeThrough(exchanges, 12, milliseconds)
    await beside.stop()
    for (const server of servers) await server.kill()

    const connection = openSqlite(file, engine)
    const integrity = connection.prepare('pragma integrity_check').all()
    const [mode] = connection.prepare('pragma journal_mode').all() as readonly object[]
    connection.close()
    const { writes, refused, wrong, titles } = acknowledged
    process.stdout.write(
      `${name}: ${writes} writes acknowledged, ${refused} refused, ${titles.size} users in ${milliseconds / 1_000} s\n`,
    )
    expect({ integrity, wrong }).toEqual({ integrity: [{ integrity_check: 'ok' }], wrong: [] })
    expect(mode).toEqual({ journal_mode: engine === 'libsql' ? 'delete' : 'wal' })
    expect(writes).toBeGreaterThan(milliseconds / 100)
    const [reader] = servers
    if (reader === undefined) throw new Error('no server')
    await reader.start()
    expect(await lostIn(reader.url(), acknowledged)).toEqual([])
  } finally {
    for (const server of servers) await server.kill()
  }
}

function builtInHasFix(): boolean {
  try {
    const connection = openSqlite(':memory:', 'node:sqlite')
    const version = versionOf(connection)
    connection.close()
    return hasWalFix(version)
  } catch {
    return false
  }
}

describe('three servers and a checkpointer on one SQLite file', () => {
  it('lose nothing with libsql, in a rollback journal', async () => {
    await share('libsql', 'libsql', [])
  })
  // Node 20 has no built-in SQLite, and early releases of 22 have one without the fix.
  if (builtInHasFix()) {
    it('lose nothing with node:sqlite, in WAL', async () => {
      await share('node-sqlite', 'node:sqlite', [])
    })
  }
})
