/** Opens SQLite files with the library that fits, and reads what a statement returns. */
import type { Row, SqlValue } from './driver.js'
import type { SqliteConnection, SqliteStatement } from './sqlite-api.js'
import { chosenEngine, openWith, type SqliteEngine } from './sqlite-engines.js'

export type { SqliteConnection, SqliteStatement } from './sqlite-api.js'

/** Rows of a statement; native drivers give objects of plain values. */
export function rowsOf(statement: SqliteStatement, parameters: readonly SqlValue[]): readonly Row[] {
  if (statement.reader === false) {
    statement.run(...parameters)
    return []
  }
  return statement.all(...parameters) as readonly Row[]
}

/**
 * Opens a file with the library named, or with the first of these that is there: `node:sqlite` (Node 22.13 and later,
 * Bun, Deno), `better-sqlite3` and `libsql`, one with the fix of the WAL-reset bug before one without. Throws an Error
 * that says what to install if there is none, or why the one named cannot be used.
 */
export function openSqlite(path: string, engine: SqliteEngine | undefined = defaultEngine()): SqliteConnection {
  if (engine !== undefined) return openWith(engine, path)
  throw new Error(
    'This Node has no SQLite. Use Node 24, or install the package "libsql" or "better-sqlite3" beside @scimkit/sql-provider.',
  )
}

let known: SqliteEngine | undefined

// Looking costs a connection to each library.
function defaultEngine(): SqliteEngine | undefined {
  known ??= chosenEngine()
  return known
}
