/** The host's code in a PostgreSQL unit: errors of the host, errors of the store, and retries. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { InTransaction } from '@scimkit/core/provider'
import type { Driver } from '../../../src/driver/driver.js'
import { postgresDriver } from '../../../src/driver/postgres/driver.js'
import { sql } from '../../../src/unit.js'
import { administer, describePostgres } from '../../support/postgres.js'
import { ask, step } from '../../support/postgres-statements.js'

describePostgres('the host’s code in a PostgreSQL unit', (url) => {
  const driver: Driver = postgresDriver(url)
  const rows = async (text: string): Promise<unknown> => (await driver.read([ask(text)]))[0]
  const raise = (id: string) => sql`update host set n = n + 1 where id = ${id}`

  beforeAll(() => administer(url, ['create table host (id text primary key, n bigint not null)']))
  beforeEach(() => administer(url, ['truncate host', "insert into host values ('a', 0), ('b', 0)"]))
  afterAll(() => driver.close())

  test('its rows are the result of the statement', async () => {
    let found: unknown
    const code: InTransaction = async (unit) => {
      await unit.run(raise('a'))
      found = await unit.run({ sql: 'select id, n from host where id = $1', parameters: ['a'] })
    }
    expect(await driver.write([step('select 1')], code)).toBe('written')
    expect(found).toEqual([{ id: 'a', n: 1 }])
  })

  test('a deadlock that ends its statement is retried, and the code runs again', async () => {
    let calls = 0
    const crossing = (first: string, second: string): Promise<unknown> =>
      Promise.resolve(
        driver.write([step('select 1')], async (unit) => {
          calls += 1
          await unit.run(raise(first))
          await unit.run({ sql: 'select pg_sleep(0.3)', parameters: [] })
          await unit.run(raise(second))
        }),
      )
    expect(await Promise.all([crossing('a', 'b'), crossing('b', 'a')])).toEqual(['written', 'written'])
    expect(calls).toBeGreaterThan(2)
    expect(await rows('select n from host order by id')).toEqual([{ n: 2 }, { n: 2 }])
  })

  test('a unique index of the host is an error of the host, not a taken name', async () => {
    const code: InTransaction = (unit) => unit.run(sql`insert into host values (${'a'}, ${1})`)
    await expect(
      Promise.resolve(driver.write([step("update host set n = 9 where id = 'b'")], code)),
    ).rejects.toMatchObject({
      name: 'HostError',
      cause: { code: '23505' },
    })
    expect(await rows('select n from host order by id')).toEqual([{ n: 0 }, { n: 0 }])
  })

  test('a statement that the code did not wait for is waited for, and its failure rolls back', async () => {
    const code =
      (text: string): InTransaction =>
      (unit) => {
        unit.run({ sql: text, parameters: [] })
      }
    expect(await driver.write([step('select 1')], code("update host set n = 5 where id = 'a'"))).toBe('written')
    expect(await rows("select n from host where id = 'a'")).toEqual([{ n: 5 }])
    const failing = Promise.resolve(
      driver.write([step("update host set n = 9 where id = 'a'")], code('update nothing set n = 1')),
    )
    await expect(failing).rejects.toMatchObject({ name: 'HostError', cause: { code: '42P01' } })
    expect(await rows("select n from host where id = 'a'")).toEqual([{ n: 5 }])
  })

  test('a second statement in one text is refused: it could be a COMMIT', async () => {
    const code: InTransaction = (unit) => unit.run({ sql: 'select 1; commit', parameters: [] })
    const write = Promise.resolve(driver.write([step("update host set n = 9 where id = 'a'")], code))
    await expect(write).rejects.toMatchObject({ name: 'HostError', cause: { code: '42601' } })
    expect(await rows("select n from host where id = 'a'")).toEqual([{ n: 0 }])
  })

  test('a connection that is lost in it is a failure of the store: nothing was written, and the unit runs again', async () => {
    let calls = 0
    const code: InTransaction = async (unit) => {
      calls += 1
      if (calls === 1) {
        const own = (await unit.run({ sql: 'select pg_backend_pid() as pid', parameters: [] })) as { pid: number }[]
        await administer(url, [`select pg_terminate_backend(${own[0]?.pid})`])
      }
      await unit.run(raise('a'))
    }
    expect(await driver.write([step("update host set n = n + 1 where id = 'b'")], code)).toBe('written')
    expect(calls).toBe(2)
    expect(await rows('select n from host order by id')).toEqual([{ n: 1 }, { n: 1 }])
  })

  test.each(['commit', 'rollback'])('%s is refused: the write is not acknowledged, and not written', async (text) => {
    const code: InTransaction = async (unit) => unit.run({ sql: text, parameters: [] })
    await expect(
      Promise.resolve(driver.write([step("update host set n = 9 where id = 'b'")], code)),
    ).rejects.toMatchObject({ name: 'HostError' })
    expect(await rows('select n from host order by id')).toEqual([{ n: 0 }, { n: 0 }])
  })

  test('code that never ends fails when the server ends the idle transaction, and the pool is usable', async () => {
    const short = postgresDriver(url, { maxConnections: 1, idleMilliseconds: 200 })
    const never = Promise.resolve(
      short.write([step("update host set n = 9 where id = 'b'")], () => new Promise(() => {})),
    )
    await expect(never).rejects.toMatchObject({ outcome: 'nothingWritten' })
    expect(await short.write([step("update host set n = 1 where id = 'b'")])).toBe('written')
    expect(await rows('select n from host order by id')).toEqual([{ n: 0 }, { n: 1 }])
    await short.close()
  })
})
