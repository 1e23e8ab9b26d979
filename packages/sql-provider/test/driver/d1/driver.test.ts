/**
 * How the D1 driver handles the answers of D1, on an imitation of D1 with SQLite: batches are atomic, errors are text. The
 * runtime-tests run against D1 itself in workerd.
 */
import { describe, expect, it } from '@jest/globals'
import type { D1Answer, D1Database, D1Statement } from '../../../src/driver/d1/database.js'
import { type D1DriverOptions, d1Driver } from '../../../src/driver/d1/driver.js'
import type { Driver } from '../../../src/driver/driver.js'
import { type FailureOutcome, StoreFailure } from '../../../src/driver/store-failure.js'
import { all, decisive, statement, step, withTables } from '../../support/drivers/plain-steps.js'
import { fakeD1 } from '../../support/edge/fake-d1.js'

describe('units of writing', () => {
  const connection = withTables()
  const db = fakeD1(connection)
  const driver = d1Driver(db)

  it('commits all steps in one batch, with a guard right after each step that must change a row', async () => {
    const steps = [
      decisive('update things set version = ? where id = ? and version = ?', '2', 'a', '1'),
      step("delete from things where id = 'missing'"),
      decisive('insert into things values (?, ?)', 'b', '1'),
    ]
    expect(await driver.write(steps)).toBe('written')
    const guard = 'insert into "scim_guard" ("ok") select 0 as "ok" where changes() = 0'
    expect(db.calls.pop()).toEqual([steps[0]?.sql, guard, steps[1]?.sql, steps[2]?.sql, guard])
    expect(await driver.read([all])).toEqual([
      [
        { id: 'a', version: '2' },
        { id: 'b', version: '1' },
      ],
    ])
  })

  it('ends as missed, with nothing changed, if a step that must change a row does not', async () => {
    const steps = [
      step("insert into things values ('c', '1')"),
      decisive('update things set version = ? where id = ? and version = ?', '3', 'a', '1'),
      step("insert into things values ('d', '1')"),
    ]
    const before = await driver.read([all])
    expect(await driver.write(steps)).toBe('missed')
    expect(await driver.read([all])).toEqual(before)
  })

  it('ends as missed if a statement itself inserts a 0 into the guard', async () => {
    expect(await driver.write([step('insert into scim_guard (ok) select 0')])).toBe('missed')
  })

  it('ends as taken, with nothing changed, if a unique index rejects a value', async () => {
    const before = await driver.read([all])
    expect(
      await driver.write([step("update things set version = '9'"), step("insert into things values ('a', '1')")]),
    ).toBe('taken')
    expect(await driver.read([all])).toEqual(before)
  })

  it('reads several statements in one call, and makes no call for no statements', async () => {
    const before = db.calls.length
    expect(await driver.read([all, statement('select 1 as one')])).toHaveLength(2)
    expect(db.calls.length).toBe(before + 1)
    expect(await driver.read([])).toEqual([])
    expect(db.calls.length).toBe(before + 1)
  })
})

/** A driver whose D1 fails with these errors, one for each call, and returns one row after that. */
function failing(messages: readonly string[], options: D1DriverOptions = {}): { driver: Driver; calls: () => number } {
  let calls = 0
  const all = async (): Promise<D1Answer> => {
    const message = messages[calls++]
    if (message !== undefined) throw new Error(message)
    return { success: true, results: [{ one: 1 }] }
  }
  const one: D1Statement = { bind: () => one, all }
  const db: D1Database = { prepare: () => one, batch: async () => [await all(), await all()] }
  return { driver: d1Driver(db, { retryMilliseconds: 500, ...options }), calls: () => calls }
}

async function failureOf(work: () => unknown): Promise<StoreFailure> {
  try {
    await work()
  } catch (error) {
    if (error instanceof StoreFailure) return error
    throw error
  }
  throw new Error('it did not fail')
}

const lost = [
  'Network connection lost.',
  'D1_ERROR: Network connection lost.',
  'D1_ERROR: D1 DB reset because its code was updated.',
  'D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.',
  'D1_ERROR: Internal error in D1 DB storage caused object to be reset.',
  'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
  'D1_ERROR: internal error; reference = 0123456789abcdefghij',
  // The text suggests that the request never arrived; no document of Cloudflare guarantees that.
  'D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.',
]
const refused: readonly (readonly [message: string, outcome: FailureOutcome])[] = [
  ['D1_ERROR: D1 DB is overloaded. Requests queued for too long.', 'nothingWritten'],
  ['D1_ERROR: D1 DB is overloaded. Too many requests queued.', 'nothingWritten'],
  ['D1_ERROR: Exceeded maximum DB size.', 'full'],
  [
    "D1_ERROR: Your account has exceeded D1's maximum account storage limit, please contact Cloudflare to raise your limit.",
    'full',
  ],
  ['D1_ERROR: database or disk is full: SQLITE_FULL', 'full'],
  ['D1_ERROR: no such table: scim_resources: SQLITE_ERROR', 'rejected'],
  ['D1_ERROR: too many SQL variables at offset 241: SQLITE_ERROR', 'rejected'],
  ['D1_ERROR: string or blob too big: SQLITE_TOOBIG', 'refused'],
  [
    'D1_ERROR: NOT NULL constraint failed: scim_resources.doc: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_NOTNULL)',
    'rejected',
  ],
  ["D1_TYPE_ERROR: Type 'boolean' not supported for value 'true'", 'rejected'],
]
const failed = [
  "D1_ERROR: D1 DB's isolate exceeded its memory limit and was reset.",
  'D1_ERROR: D1 DB exceeded its CPU time limit and was reset.',
  'D1_ERROR: disk I/O error: SQLITE_IOERR',
  'D1_ERROR: Failed to parse body as JSON, got: UNIQUE constraint failed: things.id: SQLITE_CONSTRAINT',
  'D1_ERROR: Failed to parse body as JSON, got: CHECK constraint failed: ok = 1: SQLITE_CONSTRAINT',
  'an unknown error',
]

describe('a D1 that fails', () => {
  it.each(lost)('reads again after: %s', async (message) => {
    const { driver, calls } = failing([message, message])
    expect(await driver.read([all])).toEqual([[{ one: 1 }]])
    expect(calls()).toBe(3)
  })

  const final = [...refused, ...failed.map((message) => [message, 'nothingWritten'] as const)]
  it.each(final)('does not read again after: %s', async (message, outcome) => {
    const { driver, calls } = failing([message])
    const failure = await failureOf(() => driver.read([all]))
    expect([failure.outcome, failure.message, calls()]).toEqual([outcome, message, 1])
  })

  it.each([...lost, ...failed])('does not know whether a write was committed after: %s', async (message) => {
    const { driver, calls } = failing([message])
    const failure = await failureOf(() => driver.write([step('update things set version = 1')]))
    expect([failure.outcome, calls()]).toEqual(['unknown', 1])
  })

  it.each(refused)('knows that no write was committed after: %s', async (message, outcome) => {
    const { driver, calls } = failing([message])
    const failure = await failureOf(() => driver.write([decisive('update things set version = 1')]))
    expect([failure.outcome, calls()]).toEqual([outcome, 1])
  })

  it('reads again until the time limit', async () => {
    const { driver, calls } = failing(Array(1000).fill('Network connection lost.'), { retryMilliseconds: 500 })
    const failure = await failureOf(() => driver.read([all]))
    expect(failure.outcome).toBe('nothingWritten')
    expect(calls()).toBeGreaterThan(1)
    expect(calls()).toBeLessThan(600)
  })

  it('fails if one result of a batch is a failure', async () => {
    const good: D1Answer = { success: true, results: [] }
    const bad: D1Answer = { success: false, results: [], error: 'out of memory' }
    const one: D1Statement = { bind: () => one, all: async () => good }
    const driver = d1Driver({ prepare: () => one, batch: async () => [good, bad] })
    const failure = await failureOf(() => driver.write([decisive('update things set version = 1')]))
    expect([failure.outcome, failure.message]).toEqual(['unknown', 'D1_ERROR: out of memory'])
  })
})

describe('a D1 that does not answer', () => {
  const never: D1Statement = { bind: () => never, all: () => new Promise(() => {}) }
  const driver = d1Driver(
    { prepare: () => never, batch: () => new Promise(() => {}) },
    { answerMilliseconds: 30, retryMilliseconds: 0 },
  )

  it('ends a read with nothing written', async () => {
    expect((await failureOf(() => driver.read([all]))).outcome).toBe('nothingWritten')
  })

  it('ends a write with an unknown outcome', async () => {
    expect((await failureOf(() => driver.write([decisive('update things set version = 1')]))).outcome).toBe('unknown')
  })
})

describe('schema changes', () => {
  it('run one by one, and return rows', async () => {
    const db = fakeD1(withTables())
    const rows = await d1Driver(db).exclusive(async (run) => {
      await run(statement('create table if not exists others (id text)'))
      await run(statement('insert into others values (?)', 'x'))
      return run(statement('select id from others'))
    })
    expect(rows).toEqual([{ id: 'x' }])
    expect(db.calls.map((call) => call.length)).toEqual([1, 1, 1])
  })

  it('are not run twice after the connection was lost, and the request has written nothing', async () => {
    const { driver, calls } = failing(['Network connection lost.'])
    const failure = await failureOf(() => driver.exclusive((run) => run(statement('insert into others values (1)'))))
    expect([failure.outcome, calls()]).toEqual(['nothingWritten', 1])
  })

  it('rethrow the errors of the work', async () => {
    const work = d1Driver(fakeD1(withTables())).exclusive(async () => {
      throw new TypeError('no schema of mine')
    })
    await expect(work).rejects.toThrow(new TypeError('no schema of mine'))
  })
})
