/** SQLite in one file with several connections, as with several processes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { Statement, Step } from '../../../src/driver/driver.js'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../../src/driver/sqlite/driver.js'
import { StoreFailure } from '../../../src/driver/store-failure.js'

const folder = mkdtempSync(join(tmpdir(), 'scimkit-driver-'))
let files = 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function newFile(): string {
  files += 1
  const file = join(folder, `${files}.db`)
  const connection = openSqlite(file)
  connection.exec('create table counters (name text primary key, value integer)')
  connection.exec("insert into counters values ('a', 1)")
  connection.close()
  return file
}

const statement = (sql: string, ...parameters: (string | number)[]): Statement => ({ sql, parameters, lasting: true })
const step = (sql: string, ...parameters: (string | number)[]): Step => ({
  ...statement(sql, ...parameters),
  mustChange: true,
})
const valueOfA = statement('select value from counters where name = ?', 'a')
const add = (by: number): Step => step('update counters set value = value + ? where name = ?', by, 'a')

describe('sqliteDriver', () => {
  it('waits for another connection without blocking, and writes when it is free', async () => {
    const file = newFile()
    const other = openSqlite(file)
    const driver = sqliteDriver(openSqlite(file))
    await driver.read([valueOfA])
    other.exec('begin immediate')
    const write = driver.write([add(1)])
    await new Promise((resume) => setTimeout(resume, 150))
    other.exec('update counters set value = 10')
    other.exec('commit')
    expect(await write).toBe('written')
    expect(await driver.read([valueOfA])).toEqual([[{ value: 11 }]])
  })

  // libsql leaves a prepared BEGIN IMMEDIATE that was busy unfinished; the next read then opens a snapshot that stays open.
  it('sees later commits of other connections after it has found the file locked', async () => {
    const file = newFile()
    const other = openSqlite(file)
    const driver = sqliteDriver(openSqlite(file), { busyMilliseconds: 1 })
    await driver.read([valueOfA])
    other.exec('begin immediate')
    await expect(async () => driver.write([add(100)])).rejects.toThrow(StoreFailure)
    other.exec('commit')
    for (let value = 2; value < 5; value++) {
      other.exec(`update counters set value = ${value}`)
      expect(await driver.read([valueOfA])).toEqual([[{ value }]])
    }
    expect(await driver.write([add(100)])).toBe('written')
  })

  it('names the reason in the error if a statement of the host blocks COMMIT', async () => {
    const connection = openSqlite(newFile(), 'libsql')
    const driver = sqliteDriver(connection, { busyMilliseconds: 20 })
    await driver.read([valueOfA])
    // libsql leaves an explained INSERT unfinished until its statement is collected.
    const unfinished = connection.prepare("explain insert into counters values ('b', 1)")
    unfinished.all()
    await expect(async () => driver.write([add(1)])).rejects.toMatchObject({
      message: 'COMMIT blocked for 20 ms: cannot commit transaction - SQL statements in progress',
      outcome: 'nothingWritten',
    })
    unfinished.all()
    expect(await driver.read([valueOfA])).toEqual([[{ value: 1 }]])
  })

  it('fails after busyMilliseconds, and reports that nothing was written', async () => {
    const file = newFile()
    const other = openSqlite(file)
    const driver = sqliteDriver(openSqlite(file), { busyMilliseconds: 200 })
    other.exec('begin immediate')
    const failure = await Promise.resolve()
      .then(() => driver.write([add(1)]))
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StoreFailure)
    expect((failure as StoreFailure).outcome).toBe('nothingWritten')
    other.exec('rollback')
    expect(await driver.write([add(1)])).toBe('written')
  })

  it('rolls all steps back if a decisive one changes nothing', async () => {
    const driver = sqliteDriver(openSqlite(newFile()))
    const end = await driver.write([add(5), step('update counters set value = 0 where name = ?', 'nobody'), add(7)])
    expect(end).toBe('missed')
    expect(await driver.read([valueOfA])).toEqual([[{ value: 1 }]])
  })

  it('rolls all steps back if a value is taken', async () => {
    const driver = sqliteDriver(openSqlite(newFile()))
    expect(await driver.write([add(5), step('insert into counters values (?, ?)', 'a', 3)])).toBe('taken')
    expect(await driver.read([valueOfA])).toEqual([[{ value: 1 }]])
  })

  it('runs one schema change at a time, and nothing else during it', async () => {
    const driver = sqliteDriver(openSqlite(newFile()))
    const ask = (sql: string) => ({ sql, parameters: [], lasting: false })
    const raise = (undone?: Error) =>
      driver.exclusive(async (run) => {
        await run(ask('update counters set value = value * 10'))
        await new Promise((resume) => setTimeout(resume, 20))
        if (undone !== undefined) throw undone
      })
    const error = new Error('undone')
    const ends = await Promise.allSettled([
      raise(),
      driver.write([add(1)]),
      driver.read([valueOfA]),
      raise(error),
      driver.read([valueOfA, valueOfA]),
      raise(),
    ])
    const values = ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason))
    expect(values[1]).toBe('written')
    expect(values[3]).toBe(error)
    // In any order: no connection sees the value of the change that was rolled back.
    const seen = [10, 11, 100, 110].map((value) => ({ value }))
    expect(seen).toContainEqual((values[2] as unknown[][])[0]?.[0])
    expect(seen).toContainEqual((values[4] as unknown[][])[0]?.[0])
    expect([[[{ value: 110 }]], [[{ value: 101 }]]]).toContainEqual(await driver.read([valueOfA]))
  })

  it('makes units that waited for another process wait for a schema change', async () => {
    const file = newFile()
    const other = openSqlite(file)
    const driver = sqliteDriver(openSqlite(file))
    await driver.read([valueOfA])
    other.exec('begin immediate')
    const change = driver.exclusive(async (run) => {
      await run(add(10))
      await new Promise((resume) => setTimeout(resume, 600))
    })
    const writes = Array.from({ length: 8 }, () => driver.write([add(1)]))
    other.exec('rollback')
    await Promise.all([...writes, change])
    expect(await driver.read([valueOfA])).toEqual([[{ value: 19 }]])
  })

  it('fails with a StoreFailure for every error', async () => {
    const driver = sqliteDriver(openSqlite(newFile()))
    await expect(async () => driver.read([statement('select nothing from nowhere')])).rejects.toThrow(StoreFailure)
  })
})
