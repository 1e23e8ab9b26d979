/** Opens SQLite files with a suitable library, and reads the rows of a statement. */
import type { Row, SqlValue } from '../driver.js'
import type { SqliteConnection, SqliteStatement } from './api.js'
import { chosenEngine, openWith, type SqliteEngine } from './engines.js'

export type { SqliteConnection, SqliteStatement } from './api.js'

/** Rows of a statement; native drivers return objects of plain values. */
export function rowsOf(statement: SqliteStatement, parameters: readonly SqlValue[]): readonly Row[] {
  if (statement.reader === false) {
    statement.run(...parameters)
    return []
  }
  return statement.all(...parameters) as readonly Row[]
}

/**
 * Opens a file with the named library, or with the first available one of `node:sqlite` (Node 22.13 and later, Bun, Deno),
 * `better-sqlite3` and `libsql`; a library with the fix of the WAL-reset bug is preferred. Throws an Error that names the package
 * to install if there is no library, or the reason why the named one cannot be used.
 */
export function openSqlite(path: string, engine: SqliteEngine | undefined = defaultEngine()): SqliteConnection {
  if (engine !== undefined) return openWith(engine, path)
  throw new Error(
    'No SQLite library found. Use Node 24, or install the package "libsql" or "better-sqlite3" next to @scimkit/sql-provider.',
  )
}

let known: SqliteEngine | undefined

// The search opens a connection with each library.
function defaultEngine(): SqliteEngine | undefined {
  known ??= chosenEngine()
  return known
}
