/** The part of `node:sqlite`, `libsql` and `better-sqlite3` that the driver uses; it is the same in all three. */
import { createRequire } from 'node:module'
import type { Row, SqlValue } from './driver.js'

/** A prepared statement. */
export interface SqliteStatement {
  all(...parameters: SqlValue[]): unknown
  run(...parameters: SqlValue[]): { readonly changes: number | bigint }
}

/** An open database. */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  close(): unknown
}

/** Rows of a statement; native drivers give objects of plain values. */
export function rowsOf(statement: SqliteStatement, parameters: readonly SqlValue[]): readonly Row[] {
  return statement.all(...parameters) as readonly Row[]
}

/**
 * Opens a file with what this runtime has: `node:sqlite` from Node 22.13 on, in Bun and in Deno, else the package
 * `libsql`. Throws an Error that says what to install when there is neither.
 */
export function openSqlite(path: string): SqliteConnection {
  const builtIn = builtInSqlite()
  if (builtIn !== undefined) return new builtIn.DatabaseSync(path)
  const Database = libsql()
  return new Database(path)
}

interface BuiltInSqlite {
  readonly DatabaseSync: new (path: string) => SqliteConnection
}

function builtInSqlite(): BuiltInSqlite | undefined {
  // Node prints a warning that the module is experimental, once per process, to whoever runs the server.
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return process.getBuiltinModule?.('node:sqlite') as BuiltInSqlite | undefined
  } catch {
    return undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

function libsql(): new (path: string) => SqliteConnection {
  const require = createRequire(import.meta.url)
  try {
    return require('libsql') as new (
      path: string,
    ) => SqliteConnection
  } catch (cause) {
    throw new Error(
      'This Node has no node:sqlite (it came with 22.13). Install the package "libsql" beside @scimkit/sql-provider.',
      { cause },
    )
  }
}
