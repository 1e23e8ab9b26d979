/** The part of `node:sqlite`, `better-sqlite3` and `libsql` that the driver uses; it is the same in all three. */
import type { SqlValue } from '../driver.js'

/** A prepared statement. */
export interface SqliteStatement {
  all(...parameters: SqlValue[]): unknown
  run(...parameters: SqlValue[]): { readonly changes: number | bigint }
  /** False for a statement that returns no rows, which `better-sqlite3` refuses in `all`; `node:sqlite` does not say. */
  readonly reader?: boolean
}

/** An open database. */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  close(): unknown
}
