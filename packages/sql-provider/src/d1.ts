/** Cloudflare D1: `@scimkit/sql-provider/d1`. */
import type { D1Database } from './driver/d1-database.js'
import { type D1DriverOptions, d1Driver } from './driver/d1-driver.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from './provider.js'

export type { D1Answer, D1Database, D1Statement } from './driver/d1-database.js'
export type { D1DriverOptions } from './driver/d1-driver.js'
export { type D1MigrationOptions, d1MigrationSql } from './schema/d1-migration.js'

/** The options of {@link d1Provider}. */
export interface D1ProviderOptions extends SqlProviderOptions, D1DriverOptions {}

const providers = new WeakMap<D1Database, Map<string, SqlProvider>>()

/**
 * The provider over a D1 binding: `provider: (env) => d1Provider(env.DB)`. Cheap to call for each request: it is made
 * once for a binding and options that are written the same, so that statements are built and the schema is looked at
 * once in the life of an isolate. Closing it closes nothing. Hand it the binding itself rather than a session of it:
 * a session may read from a replica that has not seen the last writes.
 */
export function d1Provider(db: D1Database, options: D1ProviderOptions = {}): SqlProvider {
  const known = providers.get(db) ?? new Map<string, SqlProvider>()
  providers.set(db, known)
  // By value: a Worker writes its options where it calls, and so has new ones, though equal, for each request.
  const key = JSON.stringify(options)
  const provider = known.get(key) ?? sqlProvider(d1Driver(db, options), options)
  known.set(key, provider)
  return provider
}
