/** A real PgBouncer in transaction mode between the driver and PostgreSQL, and servers that allow few connections. */
import { afterEach, describe, expect, test } from '@jest/globals'
import { documentOnly } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { postgresDriver } from '../../../src/driver/postgres/driver.js'
import { postgresProvider } from '../../../src/postgres.js'
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../../support/pgbouncer.js'
import { administer, describePostgres } from '../../support/postgres.js'
import { ask, step } from '../../support/postgres-statements.js'

const toldTheFlag = expect.objectContaining({
  cause: expect.objectContaining({ message: expect.stringContaining('--pooler') }),
})
const describeBouncer = hasPgBouncer ? describe : describe.skip

describePostgres('PostgreSQL through poolers and limits', (url) => {
  describeBouncer('PgBouncer in transaction mode', () => {
    let bouncer: PgBouncer | undefined
    afterEach(() => bouncer?.stop())

    test('a connection with settings is rejected, and the error names --pooler', async () => {
      bouncer = await startPgBouncer(url)
      const driver = postgresDriver(bouncer.url)
      await expect(driver.read([ask('select 1')])).rejects.toEqual(toldTheFlag)
      await driver.close()
    })

    test('a prepared statement of another client is rejected, and the error names --pooler', async () => {
      bouncer = await startPgBouncer(url, {
        default_pool_size: '1',
        ignore_startup_parameters: 'statement_timeout,lock_timeout,idle_in_transaction_session_timeout',
      })
      const [first, second] = [postgresDriver(bouncer.url), postgresDriver(bouncer.url)]
      const lasting = { ...ask('select 1 as one'), lasting: true }
      expect(await first.read([lasting])).toEqual([[{ one: 1 }]])
      await expect(second.read([lasting])).rejects.toEqual(toldTheFlag)
      await first.close()
      await second.close()
    })

    test('with prepare: false everything works, and writes are durable', async () => {
      bouncer = await startPgBouncer(url)
      const database = new URL(url).pathname.slice(1)
      await administer(url, [
        `alter database ${database} set synchronous_commit = off`,
        'create table noted (value text)',
        'create table counted (n bigint)',
        'insert into counted values (0)',
      ])
      const provider = postgresProvider(bouncer.url, { prepare: false })
      await provider.migrate()
      expect(await provider.read({ type: 'User', id: 'x' }, documentOnly, testContext())).toBeUndefined()
      await provider.close()
      const through = bouncer.url
      const drivers = [1, 2, 3].map(() => postgresDriver(through, { prepare: false, maxConnections: 20 }))
      const note = step("insert into noted values (current_setting('synchronous_commit'))")
      const raise = step('update counted set n = n + 1')
      const writes = Array.from({ length: 120 }, async (_, i) =>
        drivers[i % 3]?.write(i % 2 === 0 ? [note, raise] : [raise]),
      )
      expect(new Set(await Promise.all(writes))).toEqual(new Set(['written']))
      expect(await administer(url, ['select n::int as n from counted'])).toEqual([{ n: 120 }])
      expect(await administer(url, ['select distinct value from noted'])).toEqual([{ value: 'on' }])
      for (const driver of drivers) await driver.close()
    })
  })

  test('a pool larger than the server allows waits for its own connections', async () => {
    const user = `few_${process.pid}_${Date.now()}`
    await administer(url, [`create role ${user} superuser login connection limit 2`])
    // A superuser is not limited.
    await administer(url, [
      `alter role ${user} nosuperuser`,
      'create table few (n bigint)',
      `grant all on few to ${user}`,
    ])
    const address = new URL(url)
    address.username = user
    const driver = postgresDriver(address.href)
    const ends = await Promise.all(
      Array.from({ length: 20 }, () =>
        driver.write([step('insert into few values (1)'), step('select pg_sleep(0.02)')]),
      ),
    )
    expect(new Set(ends)).toEqual(new Set(['written']))
    expect(await administer(url, ['select count(*)::int as n from few'])).toEqual([{ n: 20 }])
    await driver.close()
    await administer(url, ['drop table few', `drop role ${user}`])
  })
})
