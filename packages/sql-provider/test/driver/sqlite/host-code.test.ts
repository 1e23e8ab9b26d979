/** The host's code in a SQLite unit. */
import { expect, test } from '@jest/globals'
import type { Driver } from '../../../src/driver/driver.js'
import { openSqlite, rowsOf } from '../../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../../src/driver/sqlite/driver.js'
import { sql } from '../../../src/unit.js'
import { step } from '../../support/drivers/plain-steps.js'

function opened(): { readonly driver: Driver; readonly rows: () => unknown } {
  const connection = openSqlite(':memory:')
  connection.exec('create table host (id text primary key, n int)')
  return { driver: sqliteDriver(connection), rows: () => rowsOf(connection.prepare('select * from host'), []) }
}

const insert = step("insert into host values ('own', 0)")

test('its statements return rows, and commit with the write', async () => {
  const { driver, rows } = opened()
  let found: unknown
  const end = await driver.write([insert], (unit) => {
    unit.run(sql`insert into host values (${'a'}, ${1})`)
    found = unit.run(sql`select n from host where id = ${'a'}`)
  })
  expect([end, found, rows()]).toEqual([
    'written',
    [{ n: 1 }],
    [
      { id: 'own', n: 0 },
      { id: 'a', n: 1 },
    ],
  ])
})

test.each([
  ['a boolean, which some libraries end the process for', true, 'parameter 1 is a value of type boolean'],
  ['undefined', undefined, 'parameter 1 is undefined'],
  ['not a number', Number.NaN, 'parameter 1 is a value of type number'],
])('%s is refused, and rolls back', async (_title, value, message) => {
  const { driver, rows } = opened()
  const write = async () =>
    driver.write([insert], (unit) => unit.run({ sql: 'insert into host values (?, 1)', parameters: [value] }))
  await expect(write()).rejects.toMatchObject({
    name: 'HostError',
    cause: { message: expect.stringContaining(message) },
  })
  expect(rows()).toEqual([])
})

test('a function is refused: it is for the memory provider', async () => {
  const { driver } = opened()
  const write = async () => driver.write([insert], (unit) => unit.run(() => 1))
  await expect(write()).rejects.toMatchObject({ cause: { message: expect.stringContaining('expected a statement') } })
})

test('in a write that yields to other requests it runs at the end', async () => {
  const { driver, rows } = opened()
  const steps = Array.from({ length: 400 }, (_, n) =>
    step(
      `insert into host with recursive c (i) as (select 1 union all select i + 1 from c where i < 20000) select 's${n}', count(*) from c`,
    ),
  )
  let before = 0
  const end = await driver.write(steps, (unit) => {
    before = Number((unit.run(sql`select count(*) as n from host`) as { n: number }[])[0]?.n)
    unit.run(sql`insert into host values (${'last'}, ${1})`)
  })
  expect([end, before, (rows() as unknown[]).length]).toEqual(['written', 400, 401])
})

test('after a statement that failed none runs, also if SQLite has rolled back: it would commit by itself', async () => {
  const { driver, rows } = opened()
  const write = async () =>
    driver.write([insert], (unit) => {
      for (const id of ['own', 'later']) {
        try {
          unit.run(sql`insert or rollback into host values (${id}, ${1})`)
        } catch {}
      }
    })
  await expect(write()).rejects.toMatchObject({ cause: { message: expect.stringContaining('UNIQUE') } })
  expect(rows()).toEqual([])
})

test.each(['commit', 'ROLLBACK', ' /* a */ -- b\n ; End', 'begin', 'rollback to a'])('%s is refused', async (text) => {
  const { driver, rows } = opened()
  const write = async () => driver.write([insert], (unit) => unit.run({ sql: text, parameters: [] }))
  await expect(write()).rejects.toMatchObject({ cause: { message: expect.stringContaining('ends the transaction') } })
  expect(rows()).toEqual([])
})
