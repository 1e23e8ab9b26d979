import type { Kysely } from 'kysely'
import { type KyselyDriverOptions, kyselyDriver } from './driver/kysely/driver.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from './provider.js'

/** The options of {@link kyselyProvider}. */
export interface KyselyProviderOptions extends SqlProviderOptions, KyselyDriverOptions {}

/**
 * A provider over a Kysely instance of the host, on SQLite or PostgreSQL; its tables, `scim_…`, are in the same database as the
 * host's tables. The host owns the instance: `close` does not close it. Each unit of work is one transaction of the instance, so
 * its dialect must support transactions (for D1 there is `d1Provider`), and must report `numAffectedRows` for changes.
 * @example
 * ```ts
 * import { kyselyProvider } from '@scimkit/sql-provider'
 * import { Kysely, PostgresDialect } from 'kysely'
 * import pg from 'pg'
 *
 * const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool() }) })
 * const provider = kyselyProvider(db, { dialect: 'postgres' })
 * ```
 */
export function kyselyProvider<Tables>(db: Kysely<Tables>, options: KyselyProviderOptions): SqlProvider {
  return sqlProvider(kyselyDriver(db as unknown as Kysely<never>, options), options)
}
