/** Statements and steps as text with parameters, for the tests of drivers of SQLite, and a small table to run them on. */
import type { Statement, Step } from '../../../src/driver/driver.js'
import { openSqlite, type SqliteConnection } from '../../../src/driver/sqlite/connection.js'

/** A statement that a driver may keep prepared. */
export const statement = (sql: string, ...parameters: Statement['parameters']): Statement => ({
  sql,
  parameters,
  lasting: true,
})
/** A step that may leave all rows unchanged. */
export const step = (sql: string, ...parameters: Statement['parameters']): Step => ({
  ...statement(sql, ...parameters),
  mustChange: false,
})
/** A step that must change a row. */
export const decisive = (sql: string, ...parameters: Statement['parameters']): Step => ({
  ...step(sql, ...parameters),
  mustChange: true,
})
/** All rows of the table of {@link withTables}. */
export const all: Statement = statement('select id, version from things order by id')

/** A database in memory with `scim_guard`, and the table `things` with one row: `a` at version `1`. */
export function withTables(): SqliteConnection {
  const connection = openSqlite(':memory:')
  connection.exec('create table scim_guard (ok integer not null check (ok = 1))')
  connection.exec('create table things (id text primary key, version text not null)')
  connection.exec("insert into things values ('a', '1')")
  return connection
}
