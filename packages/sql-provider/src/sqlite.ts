/** SQLite in a file, embedded: `@scimkit/sql-provider/sqlite`. */
import { openSqlite, type SqliteConnection } from './driver/sqlite-connection.js'
import { type SqliteDriverOptions, sqliteDriver } from './driver/sqlite-driver.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from './provider.js'

export type { SqliteConnection, SqliteStatement } from './driver/sqlite-connection.js'
export type { SqliteDriverOptions } from './driver/sqlite-driver.js'
export type { SqlProvider, SqlProviderOptions } from './provider.js'

/** The options of {@link sqliteProvider}. */
export interface SqliteProviderOptions extends SqlProviderOptions, SqliteDriverOptions {}

/**
 * A provider over a SQLite file, which is created if it is not there; `:memory:` for a database that is gone with the
 * process. Or over an open connection of `node:sqlite`, `libsql` or `better-sqlite3`, which is the provider's from then
 * on. Several processes may use one file. Throws an Error if the file cannot be opened.
 */
export function sqliteProvider(database: string | SqliteConnection, options: SqliteProviderOptions = {}): SqlProvider {
  const connection = typeof database === 'string' ? openSqlite(database) : database
  return sqlProvider(sqliteDriver(connection, options), options)
}
