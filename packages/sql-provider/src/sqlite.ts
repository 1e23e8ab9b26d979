/** SQLite in a file, embedded: `@scimkit/sql-provider/sqlite`. */
import { openSqlite, type SqliteConnection } from './driver/sqlite/connection.js'
import { type SqliteDriverOptions, sqliteDriver } from './driver/sqlite/driver.js'
import type { SqliteEngine } from './driver/sqlite/engines.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from './provider.js'

export { type CheckSqliteOptions, checkSqlite } from './driver/sqlite/check.js'
export type { SqliteConnection, SqliteStatement } from './driver/sqlite/connection.js'
export type { SqliteDriverOptions } from './driver/sqlite/driver.js'
export type { SqliteEngine } from './driver/sqlite/engines.js'
export type { SqliteJournal } from './driver/sqlite/journal.js'
export type { SqlProvider, SqlProviderOptions } from './provider.js'

/** The options of {@link sqliteProvider}. */
export interface SqliteProviderOptions extends SqlProviderOptions, SqliteDriverOptions {
  /**
   * The library that opens the file, if `database` is a path. Default: the first of `node:sqlite`, `better-sqlite3` and
   * `libsql` that is installed and has the fix of the WAL-reset bug, else `libsql`.
   */
  readonly engine?: SqliteEngine
}

/**
 * A provider over a SQLite file, which is created if it does not exist; `:memory:` for a database in the memory of the process.
 * Or over an open connection of `node:sqlite`, `libsql` or `better-sqlite3`, which the provider owns from then on. Several
 * processes may use one file, unless `journal` is `wal-exclusive`. Throws an Error if the file cannot be opened, if `engine`
 * cannot be used, or if its SQLite must not use the named `journal`.
 * @example
 * ```ts
 * import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
 *
 * const provider = sqliteProvider('people.db', { history: 20 })
 * process.on('SIGTERM', () => provider.close())
 * ```
 */
export function sqliteProvider(database: string | SqliteConnection, options: SqliteProviderOptions = {}): SqlProvider {
  const connection = typeof database === 'string' ? openSqlite(database, options.engine) : database
  return sqlProvider(sqliteDriver(connection, options), options)
}
