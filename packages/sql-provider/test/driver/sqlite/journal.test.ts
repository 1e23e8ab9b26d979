/** The journal of a SQLite file for each library version, and shared use of the file. On libsql, which has the WAL-reset bug. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, test } from '@jest/globals'
import type { Statement, Step } from '../../../src/driver/driver.js'
import { openSqlite, type SqliteConnection } from '../../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../../src/driver/sqlite/driver.js'
import { journalModeOf } from '../../../src/driver/sqlite/journal.js'
import { hasWalFix } from '../../../src/driver/sqlite/version.js'
import { StoreFailure } from '../../../src/driver/store-failure.js'
import { sqliteProvider } from '../../../src/sqlite.js'

const folder = mkdtempSync(join(tmpdir(), 'scimkit-journal-'))
const opened: SqliteConnection[] = []
let files = 0

afterAll(() => {
  for (const connection of opened) connection.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(file: string): SqliteConnection {
  const connection = openSqlite(file, 'libsql')
  opened.push(connection)
  connection.exec('pragma busy_timeout = 0')
  return connection
}

/** A file with one counter. */
function newFile(mode: 'wal' | 'delete'): string {
  const file = join(folder, `${files++}.db`)
  const connection = openSqlite(file, 'libsql')
  connection.exec(`pragma journal_mode = ${mode}`)
  connection.exec('create table counters (name text primary key, value integer)')
  connection.exec("insert into counters values ('a', 1)")
  connection.close()
  return file
}

const read: Statement = { sql: 'select value from counters', parameters: [], lasting: true }
const add: Step = { sql: 'update counters set value = value + 1', parameters: [], lasting: true, mustChange: true }

async function failureOf(work: () => unknown): Promise<StoreFailure> {
  const failure = await Promise.resolve()
    .then(work)
    .catch((error: unknown) => error)
  if (failure instanceof StoreFailure) return failure
  throw new Error(`expected a StoreFailure, got ${String(failure)}`)
}

test.each([
  ['3.45.1', false],
  ['3.47.0', false],
  ['3.44.6', false],
  ['3.50.6', false],
  ['3.50.7', true],
  ['3.51.2', false],
  ['3.51.3', true],
  ['3.53.4', true],
  ['4.0.0', true],
])('SQLite %s has the fix of the WAL-reset bug: %s', (version, has) => {
  expect(hasWalFix(version)).toBe(has)
})

describe('an SQLite with the WAL-reset bug', () => {
  it('uses a rollback journal, and does not share a file in WAL mode', async () => {
    const connection = openSqlite(newFile('delete'), 'libsql')
    const driver = sqliteDriver(connection)
    expect(await driver.write([add])).toBe('written')
    expect(journalModeOf(connection)).toBe('persist')
    await driver.close()
    expect(() => sqliteProvider(newFile('delete'), { engine: 'libsql', journal: 'wal' })).toThrow(
      /SQLite 3\.45\.1 has the WAL-reset bug/,
    )
  })

  it('switches a file in WAL mode to a rollback journal, with the content of the log of a killed process', async () => {
    const file = newFile('wal')
    const killed = open(file)
    killed.exec('pragma wal_autocheckpoint = 0')
    killed.exec('update counters set value = 41')
    const copy = join(folder, `${files++}.db`)
    for (const end of ['', '-wal']) copyFileSync(file + end, copy + end)
    const connection = openSqlite(copy, 'libsql')
    const driver = sqliteDriver(connection)
    expect(await driver.write([add])).toBe('written')
    expect(await driver.read([read])).toEqual([[{ value: 42 }]])
    expect(journalModeOf(connection)).toBe('persist')
    await driver.close()
  })

  it('rejects a file in WAL mode that another process has open, and does not change it', async () => {
    const file = newFile('wal')
    const other = open(file)
    other.prepare('select * from counters').all()
    const driver = sqliteDriver(open(file), { busyMilliseconds: 100 })
    for (const work of [() => driver.read([read]), () => driver.write([add])]) {
      const { outcome, message } = await failureOf(work)
      expect(outcome).toBe('nothingWritten')
      expect(message).toMatch(/^The file is in WAL mode and another process has it open.*3\.45\.1/)
    }
    expect(journalModeOf(other)).toBe('wal')
  })

  it('stops when another process switches the file to WAL mode', async () => {
    const file = newFile('delete')
    const driver = sqliteDriver(open(file))
    expect(await driver.write([add])).toBe('written')
    const other = open(file)
    other.exec('pragma journal_mode = wal')
    other.exec('update counters set value = 10')
    const { outcome, message } = await failureOf(() => driver.write([add]))
    expect(outcome).toBe('nothingWritten')
    expect(message).toMatch(/switched the file to WAL mode/)
    expect((await failureOf(() => driver.read([read]))).message).toBe(message)
    expect(other.prepare('select value from counters').all()).toEqual([{ value: 10 }])
  })

  it('uses WAL with an exclusive lock if requested, and a second process is rejected', async () => {
    const file = newFile('delete')
    const connection = open(file)
    const driver = sqliteDriver(connection, { journal: 'wal-exclusive' })
    expect(await driver.write([add])).toBe('written')
    expect(journalModeOf(connection)).toBe('wal')
    for (const journal of ['wal-exclusive', 'rollback'] as const) {
      const second = sqliteDriver(open(file), { journal, busyMilliseconds: 100 })
      const { outcome, message } = await failureOf(() => second.read([read]))
      expect(outcome).toBe('nothingWritten')
      expect(message).toMatch(/[Aa]nother process.*wal-exclusive/)
    }
    expect(await driver.write([add])).toBe('written')
  })
})

describe('a COMMIT with a rollback journal', () => {
  it('waits for a reader of another process, and admits no new reader', async () => {
    const file = newFile('delete')
    const driver = sqliteDriver(open(file))
    await driver.read([read])
    const reader = open(file)
    reader.exec('begin')
    reader.prepare('select * from counters').all()
    const write = driver.write([add])
    const after = driver.read([read])
    await new Promise((resume) => setTimeout(resume, 200))
    const late = open(file)
    expect(() => late.prepare('select * from counters').all()).toThrow(/locked/)
    reader.exec('commit')
    expect(await write).toBe('written')
    expect(await after).toEqual([[{ value: 2 }]])
  })

  it('fails after busyMilliseconds, and reports that nothing was written', async () => {
    const file = newFile('delete')
    const driver = sqliteDriver(open(file), { busyMilliseconds: 200 })
    await driver.read([read])
    const reader = open(file)
    reader.exec('begin')
    reader.prepare('select * from counters').all()
    expect((await failureOf(() => driver.write([add]))).outcome).toBe('nothingWritten')
    reader.exec('commit')
    expect(await driver.read([read])).toEqual([[{ value: 1 }]])
    expect(await driver.write([add])).toBe('written')
  })
})
