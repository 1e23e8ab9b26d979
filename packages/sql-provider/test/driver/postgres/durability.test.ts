/** Acknowledged writes are on disk also if `synchronous_commit` is off, and the setting is never lowered. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Driver, Step } from '../../../src/driver/driver.js'
import { kyselyDriver } from '../../../src/driver/kysely/driver.js'
import { postgresDriver } from '../../../src/driver/postgres/driver.js'
import { administer, describePostgres } from '../../support/postgres.js'
import { ask, step } from '../../support/postgres-statements.js'

describePostgres('synchronous_commit', (url) => {
  const made: (() => Promise<unknown>)[] = []
  // The value of the setting in the transaction of the write.
  const note: Step = step("insert into noted values (current_setting('synchronous_commit'))")
  const noted = async (): Promise<unknown> => (await administer(url, ['select value from noted']))[0]?.value

  function drivers(): readonly (readonly [string, Driver])[] {
    const pool = new pg.Pool({ connectionString: url })
    const hosts = new pg.Pool({ connectionString: url })
    for (const one of [pool, hosts]) one.on('error', () => {})
    const db = new Kysely<never>({ dialect: new PostgresDialect({ pool: hosts }) })
    made.push(
      () => pool.end(),
      () => db.destroy(),
    )
    const own: readonly (readonly [string, Driver])[] = [
      ['a pool of our own', postgresDriver(url)],
      ['a pool of our own behind a pooler', postgresDriver(url, { prepare: false })],
      ['serializable', postgresDriver(url, { isolation: 'serializable' })],
      ['a pool of the host', postgresDriver(pool)],
      ['Kysely', kyselyDriver(db, { dialect: 'postgres' })],
    ]
    made.push(
      ...own.map(
        ([, driver]) =>
          async () =>
            driver.close(),
      ),
    )
    return own
  }

  beforeAll(() =>
    administer(url, ['create table noted (value text not null)', 'create table scim_resources (id text)']),
  )
  afterAll(async () => {
    for (const end of made.reverse()) await end()
  })

  describe.each([
    ['off', 'on'],
    ['local', 'on'],
    ['on', 'on'],
    ['remote_write', 'remote_write'],
    ['remote_apply', 'remote_apply'],
  ])('%s on the database', (given, expected) => {
    test(`is ${expected} in every write and every schema change`, async () => {
      const database = new URL(url).pathname.slice(1)
      await administer(url, [`alter database ${database} set synchronous_commit = ${given}`])
      for (const [name, driver] of drivers()) {
        for (const steps of [[note], [note, step('select 1')]]) {
          await administer(url, ['truncate noted'])
          await driver.write(steps)
          expect([name, await noted()]).toEqual([name, expected])
        }
        await administer(url, ['truncate noted'])
        await driver.exclusive(async (run) => {
          await run(note)
        })
        expect([name, await noted()]).toEqual([name, expected])
      }
    })
  })

  test('that is off for a role, or that another user of the same connection has switched off, is raised too', async () => {
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    const driver = postgresDriver(pool)
    await pool.query('set synchronous_commit = off')
    await administer(url, ['truncate noted'])
    await driver.write([note])
    expect(await noted()).toBe('on')
    // The setting of the host's own connection is not changed.
    expect((await pool.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: 'off' }])
    expect(await driver.read([ask('select 1 as one')])).toEqual([[{ one: 1 }]])
    await driver.close()
    await pool.end()
  })
})
