/** The PostgreSQL driver with concurrent transactions: deadlocks, serialization conflicts, locks, limits. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Driver, Step } from '../../../src/driver/driver.js'
import { postgresDriver } from '../../../src/driver/postgres/driver.js'
import type { PostgresDriverOptions } from '../../../src/driver/postgres/options.js'
import type { StoreFailure } from '../../../src/driver/store-failure.js'
import { administer, describePostgres, untilAsleep } from '../../support/postgres.js'
import { ask, step } from '../../support/postgres-statements.js'

const failure = (outcome: StoreFailure['outcome']): unknown =>
  expect.objectContaining({ name: 'StoreFailure', outcome })

describePostgres('the PostgreSQL driver with concurrent writers', (url) => {
  const opened: Driver[] = []
  const open = (options: PostgresDriverOptions = {}): Driver => {
    const driver = postgresDriver(url, options)
    opened.push(driver)
    return driver
  }
  const driver = open()
  const rows = async (sql: string): Promise<unknown> => (await driver.read([ask(sql)]))[0]
  // A sequence advances even if the transaction is rolled back, so it counts attempts.
  const attempt = step("select nextval('attempts')")
  const attempts = async (): Promise<number> =>
    Number((await administer(url, ['select last_value from attempts']))[0]?.last_value)
  const raise = (id: string): Step => step('update things set n = n + 1 where id = $1', id)
  const sleep = (seconds: number): Step => step(`select pg_sleep(${seconds})`)

  beforeAll(async () => {
    await administer(url, [
      'create table scim_resources (id text)',
      'create table things (id text primary key, n bigint not null)',
      'create sequence attempts',
      `create function refuse(state text) returns void language plpgsql as
        $$ begin raise exception 'no' using errcode = state; end $$`,
    ])
  })
  beforeEach(() =>
    administer(url, [
      'truncate things',
      "insert into things values ('a', 0), ('b', 0)",
      "alter sequence attempts restart; select nextval('attempts')",
    ]),
  )
  afterAll(async () => {
    for (const one of opened) await one.close()
  })

  test('the transaction that a deadlock ends is retried', async () => {
    const crossing = (first: string, second: string): Promise<unknown> =>
      Promise.resolve(driver.write([attempt, raise(first), sleep(1), raise(second)]))
    expect(await Promise.all([crossing('a', 'b'), crossing('b', 'a')])).toEqual(['written', 'written'])
    expect(await rows('select * from things order by id')).toEqual([
      { id: 'a', n: 2 },
      { id: 'b', n: 2 },
    ])
    expect(await attempts()).toBeGreaterThan(3)
  })

  test('a transaction that a serialization conflict ends is retried, if writes are serializable', async () => {
    // Each write sums up the rows: both are right only if they run one after the other.
    const addUp = (id: string): Step[] => [
      attempt,
      step('insert into things select $1, count(*) from things', id),
      sleep(1),
    ]
    const strict = open({ isolation: 'serializable' })
    expect(await Promise.all([strict.write(addUp('c')), strict.write(addUp('d'))])).toEqual(['written', 'written'])
    expect(await rows("select n from things where id in ('c', 'd') order by n")).toEqual([{ n: 2 }, { n: 3 }])
    expect(await attempts()).toBeGreaterThan(3)
  })

  test('a write that waits too long for a lock is retried until the lock is free', async () => {
    const hasty = open({ lockMilliseconds: 50 })
    const holder = driver.write([raise('a'), sleep(0.6)])
    await untilAsleep(url)
    expect(await hasty.write([attempt, raise('a')])).toBe('written')
    await holder
    expect(await rows("select n from things where id = 'a'")).toEqual([{ n: 2 }])
    expect(await attempts()).toBeGreaterThan(2)
  })

  test.each(['40001', '40P01', '55P03'])(
    'a write that always ends with %s fails within the time limit, and nothing is written',
    async (state) => {
      const started = performance.now()
      const patient = open({ busyMilliseconds: 2_000 })
      await expect(patient.write([attempt, raise('a'), step('select refuse($1)', state)])).rejects.toEqual(
        failure('nothingWritten'),
      )
      expect(performance.now() - started).toBeLessThan(20_000)
      expect(await attempts()).toBeGreaterThan(3)
      expect(await rows("select n from things where id = 'a'")).toEqual([{ n: 0 }])
    },
  )

  test.each<[string, StoreFailure['outcome']]>([
    ['53100', 'full'],
    ['57014', 'nothingWritten'],
    ['P0001', 'nothingWritten'],
    ['0A000', 'nothingWritten'],
  ])('a write that ends with %s is not retried: %s', async (state, outcome) => {
    await expect(driver.write([attempt, raise('a'), step('select refuse($1)', state)])).rejects.toEqual(
      failure(outcome),
    )
    expect(await attempts()).toBe(2)
    expect(await rows("select n from things where id = 'a'")).toEqual([{ n: 0 }])
  })

  test('a read that a conflict ends is retried', async () => {
    const conflict = ask("select nextval('attempts'), case when nextval('attempts') < 6 then refuse('40001') end")
    await expect(driver.read([conflict])).resolves.toHaveLength(1)
    // Several statements are one read-only transaction, which cannot advance a sequence: it fails until a certain time.
    const free = Date.now() / 1_000 + 0.1
    const held = ask(`select case when clock_timestamp() < to_timestamp(${free}) then refuse('40001') end`)
    await expect(driver.read([ask('select 1'), held])).resolves.toHaveLength(2)
  })

  test('if the server does not know whether it committed, the outcome is unknown', async () => {
    const ambiguous = step('select refuse($1)', '40003')
    await expect(driver.write([ambiguous])).rejects.toEqual(failure('unknown'))
    // Before COMMIT the outcome is certain.
    await expect(driver.write([ambiguous, raise('a')])).rejects.toEqual(failure('nothingWritten'))
  })

  test('a statement that takes too long is stopped, and nothing is written', async () => {
    const hasty = open({ statementMilliseconds: 100 })
    const started = performance.now()
    await expect(hasty.write([raise('a'), sleep(5)])).rejects.toEqual(failure('nothingWritten'))
    await expect(hasty.write([sleep(5)])).rejects.toEqual(failure('nothingWritten'))
    await expect(hasty.read([ask('select pg_sleep(5)')])).rejects.toEqual(failure('nothingWritten'))
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(await rows("select n from things where id = 'a'")).toEqual([{ n: 0 }])
    expect(await hasty.write([raise('a')])).toBe('written')
  })

  test('a unit waits for a free connection, but not forever', async () => {
    const narrow = open({ maxConnections: 1, connectMilliseconds: 2_000 })
    const short = narrow.write([sleep(0.1), raise('a')])
    expect(await narrow.write([raise('a')])).toBe('written')
    await short
    const long = narrow.write([sleep(5), raise('a')])
    await untilAsleep(url)
    await expect(narrow.write([raise('a')])).rejects.toEqual(failure('nothingWritten'))
    await long
    expect(await rows("select n from things where id = 'a'")).toEqual([{ n: 3 }])
  })

  test('a unit that stops waiting for a pool of the host leaks no connection', async () => {
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    const guest = postgresDriver(pool, { connectMilliseconds: 100 })
    const held = await pool.connect()
    await expect(guest.read([ask('select 1')])).rejects.toEqual(failure('nothingWritten'))
    held.release()
    expect(await guest.read([ask('select 1 as one')])).toEqual([[{ one: 1 }]])
    await pool.end()
  })

  test('64 at once on one row, with ten connections, lose nothing', async () => {
    const ends = await Promise.all(Array.from({ length: 64 }, () => driver.write([raise('a'), raise('b')])))
    expect(new Set(ends)).toEqual(new Set(['written']))
    expect(await rows('select n from things')).toEqual([{ n: 64 }, { n: 64 }])
  })
})
