/** The PostgreSQL driver when the server becomes unavailable, and the reported outcome of a running write. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Driver, Step } from '../../../src/driver/driver.js'
import { postgresDriver } from '../../../src/driver/postgres/driver.js'
import type { StoreFailure } from '../../../src/driver/store-failure.js'
import { administer, describePostgres, untilAsleep } from '../../support/postgres.js'
import { type PostgresProxy, postgresProxy } from '../../support/postgres-proxy.js'
import { ask, decisive, pause } from '../../support/postgres-statements.js'

const failure = (outcome: StoreFailure['outcome']): unknown =>
  expect.objectContaining({ name: 'StoreFailure', outcome })

describePostgres('the PostgreSQL driver and a server that becomes unavailable', (url) => {
  const applicationName = 'victim'
  const driver = postgresDriver(url, { applicationName })
  // Not prepared, so that its text is in each message.
  const raise: Step = { ...ask('update things set n = n + 1 /* raise */'), mustChange: false }
  const sleep: Step = { ...ask('select pg_sleep(1.5)'), mustChange: false }
  const one = ask('select 1 as one')
  const count = async (): Promise<unknown> => (await administer(url, ['select n::int as n from things']))[0]?.n
  const terminate = (): Promise<unknown> =>
    administer(url, [
      `select pg_terminate_backend(pid, 1000) from pg_stat_activity
        where application_name = '${applicationName}' and datname = current_database()`,
    ])

  const terminateSleeper = async (): Promise<void> => {
    const [pid] = await untilAsleep(url)
    await administer(url, [`select pg_terminate_backend(${pid}, 1000)`])
  }

  beforeAll(() => administer(url, ['create table things (n bigint not null)']))
  beforeEach(() => administer(url, ['truncate things', 'insert into things values (0)']))
  afterAll(() => driver.close())

  describe('a connection that is ended', () => {
    test('between two units is not noticed', async () => {
      await driver.read([one])
      await terminate()
      expect(await driver.read([one])).toEqual([[{ one: 1 }]])
      await terminate()
      expect(await driver.write([raise, raise])).toBe('written')
      expect(await count()).toBe(2)
    })

    test.each([
      ['a read', [ask('select pg_sleep(1.5)')]],
      ['a read of several statements', [one, ask('select pg_sleep(1.5)')]],
    ])('in %s: it is repeated, once', async (_, statements) => {
      const read = driver.read(statements)
      await terminateSleeper()
      expect(await read).toHaveLength(statements.length)
      const second = Promise.resolve(driver.read(statements)).catch((error: unknown) => error)
      await terminateSleeper()
      await terminateSleeper()
      expect(await second).toEqual(failure('nothingWritten'))
    })

    test('in a write before COMMIT: it is repeated, once, and nothing is written twice', async () => {
      const write = driver.write([raise, sleep])
      await terminateSleeper()
      expect(await write).toBe('written')
      expect(await count()).toBe(1)
      const second = Promise.resolve(driver.write([raise, sleep])).catch((error: unknown) => error)
      await terminateSleeper()
      await terminateSleeper()
      expect(await second).toEqual(failure('nothingWritten'))
      expect(await count()).toBe(1)
    })

    test('in a write of one statement: unknown, and not repeated', async () => {
      const write = Promise.resolve(driver.write([sleep])).catch((error: unknown) => error)
      await terminateSleeper()
      expect(await write).toEqual(failure('unknown'))
    })

    test('in a migration: nothing is changed', async () => {
      const migration = driver
        .exclusive(async (run) => {
          await run(ask('create table half (n int)'))
          await run(ask('select pg_sleep(1.5)'))
        })
        .catch((error: unknown) => error)
      await terminateSleeper()
      expect(await migration).toEqual(failure('nothingWritten'))
      expect(await driver.read([ask("select relname from pg_class where relname = 'half'")])).toEqual([[]])
    })

    test('while a migration waits outside of the database: nothing is changed, and the process continues', async () => {
      const migration = driver.exclusive(async (run) => {
        await run(ask('create table half (n int)'))
        await terminate()
        await pause(50)
      })
      await expect(migration).rejects.toEqual(failure('nothingWritten'))
      expect(await driver.read([ask("select relname from pg_class where relname = 'half'")])).toEqual([[]])
    })
  })

  describe('a network connection that breaks', () => {
    let proxy: PostgresProxy
    let remote: Driver
    beforeEach(async () => {
      proxy = await postgresProxy(url)
      remote = postgresDriver(proxy.url, { statementMilliseconds: 1_000, connectMilliseconds: 3_000 })
      await remote.read([one])
    })
    afterEach(async () => {
      await remote.close()
      await proxy.leave()
    })
    // As in its message; `read committed` begins with the same word.
    const commit = 'commit\0'
    const write = (): Promise<unknown> =>
      Promise.resolve(remote.write([raise, { ...ask('select 1'), mustChange: false }]))

    test('after COMMIT has arrived: unknown, and it was written', async () => {
      proxy.fail(commit, 'cut')
      await expect(write()).rejects.toEqual(failure('unknown'))
      expect(await count()).toBe(1)
    })

    test('before COMMIT has arrived: unknown too, because the driver cannot detect that, and it was not written', async () => {
      proxy.fail(commit, 'swallow')
      await expect(write()).rejects.toEqual(failure('unknown'))
      expect(await count()).toBe(0)
    })

    test('without an answer to COMMIT: unknown, within the time limit', async () => {
      proxy.fail(commit, 'mute')
      const started = performance.now()
      await expect(write()).rejects.toEqual(failure('unknown'))
      expect(performance.now() - started).toBeLessThan(30_000)
      expect(await count()).toBe(1)
    })

    test.each(['begin', '/* raise */', 'select 1'])(
      'at %j: repeated, once, and nothing was written before',
      async (text) => {
        proxy.fail(text, 'cut')
        expect(await write()).toBe('written')
        expect(await count()).toBe(1)
        proxy.fail(text, 'swallow', 2)
        await expect(write()).rejects.toEqual(failure('nothingWritten'))
        expect(await count()).toBe(1)
      },
    )

    test('without an answer to a statement: nothing was written, and there is no second wait', async () => {
      proxy.fail('/* raise */', 'mute')
      const started = performance.now()
      await expect(write()).rejects.toEqual(failure('nothingWritten'))
      expect(performance.now() - started).toBeLessThan(30_000)
      expect(await write()).toBe('written')
      await pause(300)
      expect(await count()).toBe(1)
    })

    test('during a roll-back: the end of the write is known nevertheless', async () => {
      const missing: Step = decisive('delete from things where n = 7')
      proxy.fail('rollback', 'cut')
      expect(await remote.write([raise, missing])).toBe('missed')
      expect(await count()).toBe(0)
      expect(await write()).toBe('written')
    })

    test('in the one statement of a write: unknown', async () => {
      proxy.fail('/* raise */', 'cut')
      await expect(remote.write([raise])).rejects.toEqual(failure('unknown'))
      expect(await count()).toBe(1)
      proxy.fail('/* raise */', 'mute')
      await expect(remote.write([raise])).rejects.toEqual(failure('unknown'))
      expect(await remote.write([raise])).toBe('written')
    })

    test('in the COMMIT of a migration: unknown', async () => {
      proxy.fail(commit, 'cut')
      await expect(remote.exclusive((run) => run(ask('select 1')))).rejects.toEqual(failure('unknown'))
    })

    test('and recovers: units fail at once in between, and work afterwards', async () => {
      await Promise.all([write(), write(), write()])
      await proxy.leave()
      const started = performance.now()
      await expect(write()).rejects.toEqual(failure('nothingWritten'))
      await expect(remote.read([one])).rejects.toEqual(failure('nothingWritten'))
      await expect(remote.exclusive(async () => {})).rejects.toEqual(failure('nothingWritten'))
      expect(performance.now() - started).toBeLessThan(3_000)
      await proxy.comeBack()
      expect(await write()).toBe('written')
      expect(await count()).toBe(4)
    })

    test('before the handshake: fails within the time limit', async () => {
      const silent = await postgresProxy(url)
      const waiting = postgresDriver(silent.url, { connectMilliseconds: 300 })
      // Every message that opens a connection names the user.
      silent.fail('user', 'mute', 2)
      const started = performance.now()
      await expect(waiting.read([one])).rejects.toEqual(failure('nothingWritten'))
      expect(performance.now() - started).toBeLessThan(3_000)
      await waiting.close()
      await silent.leave()
    })

    test('leaves no open connection', async () => {
      proxy.fail(commit, 'mute', 3)
      await Promise.allSettled([write(), write(), write()])
      await pause(100)
      expect(proxy.connections()).toBe(0)
    })

    test('and is closed while the server does not answer: closed within the time limit', async () => {
      proxy.fail('/* raise */', 'mute')
      const writing = write().catch((error: unknown) => error)
      await pause(100)
      const started = performance.now()
      await remote.close()
      expect(performance.now() - started).toBeLessThan(30_000)
      expect(await writing).toEqual(failure('nothingWritten'))
    })
  })

  describe('a rejected connection', () => {
    const refused = async (reason: string): Promise<void> => {
      const user = `refused_${process.pid}_${Date.now()}`
      await administer(url, [`create role ${user} ${reason}`])
      const address = new URL(url)
      address.username = user
      const guest = postgresDriver(address.href, { connectMilliseconds: 300 })
      await expect(guest.read([one])).rejects.toEqual(failure('nothingWritten'))
      await expect(guest.write([raise])).rejects.toEqual(failure('nothingWritten'))
      await guest.close()
      await administer(url, [`drop role ${user}`])
    }

    test.each([
      ['because there are too many', 'login connection limit 0'],
      ['because the user may not', 'nologin'],
    ])('%s: nothing was written', async (_, reason) => {
      await refused(reason)
    })
  })

  test('a pool of the host that loses its connections does not end the process', async () => {
    const pool = new pg.Pool({ connectionString: url, application_name: applicationName })
    const hosted = postgresDriver(pool)
    await hosted.read([one])
    await terminate()
    await pause(50)
    expect(await hosted.read([one])).toEqual([[{ one: 1 }]])
    await hosted.close()
    await pool.end()
  })
})
