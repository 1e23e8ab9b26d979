/** The PostgreSQL driver with a working server: ends of writes, values, snapshots, pools, migrations. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Driver } from '../../../src/driver/driver.js'
import { postgresDriver } from '../../../src/driver/postgres/driver.js'
import type { StoreFailure } from '../../../src/driver/store-failure.js'
import { administer, describePostgres, untilAsleep } from '../../support/postgres.js'
import { ask, decisive, step } from '../../support/postgres-statements.js'

const failure = (outcome: StoreFailure['outcome']): unknown =>
  expect.objectContaining({ name: 'StoreFailure', outcome })

describePostgres('the PostgreSQL driver', (url) => {
  const opened: Driver[] = []
  const open = (options: Parameters<typeof postgresDriver>[1] = {}): Driver => {
    const driver = postgresDriver(url, options)
    opened.push(driver)
    return driver
  }
  const driver = open()
  const pooled = open({ prepare: false })
  const things = async (): Promise<readonly unknown[]> =>
    (await driver.read([ask('select * from things order by id')]))[0] ?? []

  beforeAll(async () => {
    await administer(url, [
      'create table things (id text primary key, n bigint not null check (n >= 0))',
      'create table scim_guard (ok int not null check (ok = 1))',
      'create table late (id int unique deferrable initially deferred)',
    ])
  })
  beforeEach(() => administer(url, ['truncate things', "insert into things values ('a', 1), ('b', 2)"]))
  afterAll(async () => {
    for (const one of opened) await one.close()
  })

  describe.each([
    ['with prepared statements', driver],
    ['behind a pooler', pooled],
  ])('a write, %s', (_, writing) => {
    const raise = step('update things set n = n + 1 where id = $1', 'a')
    const unchanged = [
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
    ]

    test('runs all its steps', async () => {
      expect(await writing.write([raise, decisive('delete from things where id = $1', 'b')])).toBe('written')
      expect(await things()).toEqual([{ id: 'a', n: 2 }])
    })

    test('changes nothing if a step that must change a row does not', async () => {
      expect(await writing.write([raise, decisive('delete from things where id = $1', 'c'), raise])).toBe('missed')
      expect(await things()).toEqual(unchanged)
    })

    test('continues after a step that may change nothing', async () => {
      expect(await writing.write([step('delete from things where id = $1', 'c'), raise])).toBe('written')
      expect(await things()).toContainEqual({ id: 'a', n: 2 })
    })

    test('counts rows that were found and locked as changed', async () => {
      const hold = (id: string) => decisive('select id from things where id = $1 for update', id)
      expect(await writing.write([hold('a'), raise])).toBe('written')
      expect(await writing.write([hold('c'), raise])).toBe('missed')
      expect(await things()).toContainEqual({ id: 'a', n: 2 })
    })

    test('ends as taken if a unique index rejects a value, and then changes nothing', async () => {
      expect(await writing.write([raise, step('insert into things values ($1, 1)', 'b')])).toBe('taken')
      expect(await things()).toEqual(unchanged)
    })

    test('ends as taken if a unique index rejects a value at COMMIT', async () => {
      expect(await writing.write([raise, step('insert into late values (1), (1)')])).toBe('taken')
      expect(await things()).toEqual(unchanged)
      expect(await driver.read([ask('select * from late')])).toEqual([[]])
    })

    test('ends as missed if a statement inserts a 0 into the guard, and then changes nothing', async () => {
      expect(await writing.write([raise, step('insert into scim_guard values (0)')])).toBe('missed')
      expect(await things()).toEqual(unchanged)
    })

    test('fails if another CHECK rejects a value, and then changes nothing', async () => {
      await expect(writing.write([raise, step('insert into things values ($1, -1)', 'c')])).rejects.toEqual(
        failure('nothingWritten'),
      )
      expect(await things()).toEqual(unchanged)
    })

    test('of one step ends in the same ways', async () => {
      expect(await writing.write([raise])).toBe('written')
      expect(await writing.write([decisive('delete from things where id = $1', 'c')])).toBe('missed')
      expect(await writing.write([step('insert into things values ($1, 1)', 'b')])).toBe('taken')
      expect(await writing.write([step('insert into late values (1), (1)')])).toBe('taken')
      expect(await writing.write([step('insert into scim_guard values (0)')])).toBe('missed')
      await expect(writing.write([step('insert into nothing values (0)')])).rejects.toEqual(failure('rejected'))
      expect(await things()).toContainEqual({ id: 'a', n: 2 })
    })

    test('without steps ends as written', async () => {
      expect(await writing.write([])).toBe('written')
    })
  })

  test('returns numbers, texts and null, with any type parsers of pg', async () => {
    const [[row] = []] = await driver.read([
      ask(`select 9007199254740991::bigint as big, 7::smallint as small, 1.5::float8 as float, 0.25::numeric as exact,
        true as yes, false as no, null as nothing, 'ä' as words, '{"a":1}'::jsonb as document, date '2026-01-02' as day,
        count(*) as counted from things`),
    ])
    expect(row).toEqual({
      big: 9007199254740991,
      small: 7,
      float: 1.5,
      exact: 0.25,
      yes: 1,
      no: 0,
      nothing: null,
      words: 'ä',
      document: '{"a": 1}',
      day: '2026-01-02',
      counted: 2,
    })
    expect(pg.types.getTypeParser(20)('1')).toBe('1')
  })

  test('binds numbers, long texts, null, and as many parameters as its limit', async () => {
    const long = 'x'.repeat(1_000_000)
    const [[row] = []] = await driver.read([
      ask('select $1::float8 as number, $2::text as long, $3::text as nothing', -1e-7, long, null),
    ])
    expect(row).toEqual({ number: -1e-7, long, nothing: null })
    const most = Array.from({ length: driver.maxParameters }, (_, index) => index)
    const [rows] = await driver.read([
      ask(
        `select max(n) as most from (values ${most.map((index) => `($${index + 1}::int)`).join()}) as v (n)`,
        ...most,
      ),
    ])
    expect(rows).toEqual([{ most: driver.maxParameters - 1 }])
  })

  test('reads nothing for no statements', async () => {
    expect(await driver.read([])).toEqual([])
  })

  test.each([
    ['with prepared statements', driver],
    ['behind a pooler', pooled],
  ])('several statements of one read see one state, %s', async (_, reading) => {
    const both = [
      ask("select n from things where id = 'a'"),
      ask('select pg_sleep(0.6)'),
      ask("select n from things where id = 'b'"),
    ]
    const read = reading.read(both)
    await untilAsleep(url)
    await driver.write([
      step('update things set n = n + 10 where id = $1', 'a'),
      step('update things set n = 0 where id = $1', 'b'),
    ])
    const [before, , after] = await read
    expect([before, after]).toEqual([[{ n: 1 }], [{ n: 2 }]])
  })

  test('never sees a part of a write', async () => {
    let writing = true
    const writers = [1, 2, 3].map(async () => {
      while (writing) {
        await driver.write([
          step('update things set n = n + 1 where id = $1', 'a'),
          step('update things set n = n + 1 where id = $1', 'b'),
        ])
      }
    })
    for (let round = 0; round < 100; round++) {
      const [[a] = [], [b] = []] = await driver.read([
        { ...ask('select n from things where id = $1', 'a'), lasting: true },
        { ...ask('select n from things where id = $1', 'b'), lasting: true },
      ])
      expect(Number(b?.n) - Number(a?.n)).toBe(1)
    }
    writing = false
    await Promise.all(writers)
  })

  test('a read writes nothing', async () => {
    const deletion = ask('delete from things')
    await expect(driver.read([deletion, deletion])).rejects.toEqual(failure('nothingWritten'))
    expect(await things()).toHaveLength(2)
  })

  test('keeps lasting statements prepared under a name, unless prepare is false', async () => {
    const prepared = { ...ask('select name from pg_prepared_statements order by name'), lasting: true }
    const single = open({ maxConnections: 1 })
    await single.read([ask('select 1 as once')])
    await single.read([prepared])
    expect(await single.read([prepared])).toEqual([[{ name: expect.stringMatching(/^scimkit_[0-9a-f]{32}$/) }]])
    await pooled.read([prepared])
    expect(await pooled.read([prepared])).toEqual([[]])
  })

  test('sets its application name and its limits on each connection', async () => {
    const settings = ask(`select name, setting from pg_settings where name in
      ('application_name', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`)
    const [rows = []] = await open({ applicationName: 'me', statementMilliseconds: 1234 }).read([settings])
    expect(rows.map(({ setting }) => setting)).toEqual(['me', '10000', '2000', '1234'])
  })

  describe('on a pool of the host', () => {
    const pool = new pg.Pool({ connectionString: url, max: 2 })
    const hosted = postgresDriver(pool, { statementMilliseconds: 200 })
    afterAll(() => pool.end())

    test('sets limits in each transaction, and none afterwards', async () => {
      const sleep = ask('select pg_sleep(5)')
      const started = performance.now()
      await expect(hosted.read([sleep, sleep])).rejects.toEqual(failure('nothingWritten'))
      await expect(hosted.write([step('select pg_sleep(5)')])).rejects.toEqual(failure('nothingWritten'))
      // Sooner than the driver would close the connection itself.
      expect(performance.now() - started).toBeLessThan(3_000)
      const { rows } = await pool.query("select current_setting('statement_timeout') as timeout")
      expect(rows).toEqual([{ timeout: '0' }])
    })

    test('leaves the pool open, without a listener on it or its connections', async () => {
      expect(await hosted.read([ask('select 1 as one')])).toEqual([[{ one: 1 }]])
      const before = pool.listenerCount('error')
      await hosted.close()
      expect(pool.listenerCount('error')).toBe(before - 1)
      const client = await pool.connect()
      expect([client.listenerCount('error'), client.getTransactionStatus()]).toEqual([0, 'I'])
      client.release()
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    })

    test('rejects binary results', async () => {
      const binary = new pg.Pool({ connectionString: url, ...{ binary: true } })
      await expect(postgresDriver(binary).read([ask('select $1::int as n', 1)])).rejects.toMatchObject({
        cause: { message: expect.stringContaining('binary') },
      })
      await binary.end()
    })
  })

  describe('exclusive', () => {
    const makeTable = ask('create table made (n int)')
    const madeTables = ask("select relname from pg_class where relname = 'made'")

    test('runs one at a time', async () => {
      const order: string[] = []
      const work = (name: string, other: Driver) =>
        other.exclusive(async (run) => {
          order.push(`${name} in`)
          await run(ask('select pg_sleep(0.2)'))
          order.push(`${name} out`)
        })
      await Promise.all([work('one', driver), work('two', pooled)])
      expect([order.slice(0, 2), order.slice(2)].sort()).toEqual([
        ['one in', 'one out'],
        ['two in', 'two out'],
      ])
    })

    test('returns the result of the work, which is committed', async () => {
      const result = await driver.exclusive(async (run) => {
        await run(makeTable)
        return run(ask('select count(*) as n from made'))
      })
      expect([result, await driver.read([madeTables])]).toEqual([[{ n: 0 }], [[{ relname: 'made' }]]])
      await driver.exclusive((run) => run(ask('drop table made')))
    })

    test('commits nothing if the work throws, and rethrows its error', async () => {
      const error = new Error('no')
      const attempt = driver.exclusive(async (run) => {
        await run(makeTable)
        throw error
      })
      await expect(attempt).rejects.toBe(error)
      expect(await driver.read([madeTables])).toEqual([[]])
    })

    test('commits nothing if a statement fails, also if the work ignores the error', async () => {
      const careless = driver.exclusive(async (run) => {
        await run(makeTable)
        await run(ask('select nonsense')).catch(() => {})
      })
      await expect(careless).rejects.toEqual(failure('nothingWritten'))
      const careful = driver.exclusive((run) => run(ask('select nonsense')))
      await expect(careful).rejects.toEqual(failure('rejected'))
      expect(await driver.read([madeTables])).toEqual([[]])
    })

    test('may take longer than other statements', async () => {
      const hasty = open({ statementMilliseconds: 100, lockMilliseconds: 50 })
      await expect(hasty.exclusive((run) => run(ask('select pg_sleep(0.3)')))).resolves.toHaveLength(1)
    })

    test('has a time limit', async () => {
      const hasty = open({ migrateMilliseconds: 200 })
      const waiting = driver.exclusive(async (run) => {
        await run(ask('select pg_sleep(1)'))
      })
      await untilAsleep(url)
      await expect(hasty.exclusive(async () => {})).rejects.toEqual(failure('nothingWritten'))
      await waiting
    })
  })

  test('closes once, and then fails instead of waiting', async () => {
    const brief = postgresDriver(url)
    await brief.read([ask('select 1')])
    await Promise.all([brief.close(), brief.close()])
    await expect(brief.read([ask('select 1')])).rejects.toEqual(failure('nothingWritten'))
    await expect(brief.write([step('select 1')])).rejects.toEqual(failure('nothingWritten'))
    await expect(brief.exclusive(async () => {})).rejects.toEqual(failure('nothingWritten'))
  })

  test('waits for a running write before it closes', async () => {
    const brief = postgresDriver(url)
    const write = brief.write([step('select pg_sleep(0.3)'), step('delete from things')])
    await untilAsleep(url)
    await brief.close()
    expect(await write).toBe('written')
    expect(await things()).toEqual([])
  })
})

test.each([
  ['maxConnections', 0],
  ['connectMilliseconds', -1],
  ['statementMilliseconds', Number.POSITIVE_INFINITY],
  ['lockMilliseconds', 1.5],
  ['busyMilliseconds', '3000'],
  ['migrateMilliseconds', 2 ** 31],
  ['isolation', 'serializable; drop table x'],
])('refuses %s: %j', (name, value) => {
  expect(() => postgresDriver('postgres://nobody@127.0.0.1:1/', { [name]: value })).toThrow(TypeError)
})

test('accepts a pool with the types of pg', () => {
  expect(postgresDriver(new pg.Pool({ max: 1 })).dialect).toBe('postgres')
})
