/** PostgreSQL, through `pg`: `@scimkit/sql-provider/postgres`. */
import { postgresDriver } from './driver/postgres/driver.js'
import type { PostgresDriverOptions } from './driver/postgres/options.js'
import type { PostgresPool } from './driver/postgres/pool.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from './provider.js'

export type { PostgresDriverOptions } from './driver/postgres/options.js'
export type {
  PostgresClient,
  PostgresPool,
  PostgresQuery,
  PostgresResult,
  PostgresTypes,
} from './driver/postgres/pool.js'

/** The options of {@link postgresProvider}. */
export interface PostgresProviderOptions extends SqlProviderOptions, PostgresDriverOptions {}

/**
 * A provider over PostgreSQL: on a connection string (`postgres://user@host/database?sslmode=verify-full`), or on a pool of the
 * host, from `pg` or a package with the same interface; `close` does not end that pool. Any number of processes may use one
 * database, which must have the encoding UTF-8. The provider connects at its first use. A write is acknowledged when it is on
 * disk, also if `synchronous_commit` is off; a standby is rejected. Throws a TypeError for an invalid option.
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
