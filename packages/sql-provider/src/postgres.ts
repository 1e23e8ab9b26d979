/** PostgreSQL, through `pg`: `@scimkit/sql-provider/postgres`. */
import { postgresDriver } from './driver/postgres-driver.js'
import type { PostgresDriverOptions } from './driver/postgres-options.js'
import type { PostgresPool } from './driver/postgres-pool.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from './provider.js'

export type { PostgresDriverOptions } from './driver/postgres-options.js'
export type {
  PostgresClient,
  PostgresPool,
  PostgresQuery,
  PostgresResult,
  PostgresTypes,
} from './driver/postgres-pool.js'

/** The options of {@link postgresProvider}. */
export interface PostgresProviderOptions extends SqlProviderOptions, PostgresDriverOptions {}

/**
 * A provider over PostgreSQL: on a connection string (`postgres://user@host/database?sslmode=verify-full`), or on a pool
 * of the host's own, made by `pg` or a package of the same shape, which stays open when the provider is closed. Any
 * number of processes may use one database, which must be in UTF-8. Nothing connects before it is first used. Writes wait
 * until they are on disk, also where `synchronous_commit` is off; a standby answers nothing. Throws a TypeError for an option that is none.
 * @example
 * ```ts
 * import { postgresProvider } from '@scimkit/sql-provider/postgres'
 *
 * const provider = postgresProvider('postgres://scim@db.example/app?sslmode=verify-full', {
 *   indexes: { User: ['name.familyName'] },
 * })
 * ```
 */
export function postgresProvider(database: string | PostgresPool, options: PostgresProviderOptions = {}): SqlProvider {
  return sqlProvider(postgresDriver(database, options), options)
}
