/** Cloudflare D1: `@scimkit/sql-provider/d1`. */
import type { D1Database } from './driver/d1/database.js'
import { type D1DriverOptions, d1Driver } from './driver/d1/driver.js'
import { type Readiness, type SqlProvider, type SqlProviderOptions, sqlProvider } from './provider.js'

export type { D1Answer, D1Database, D1Session, D1Statement } from './driver/d1/database.js'
export type { D1DriverOptions } from './driver/d1/driver.js'
export { type D1MigrationOptions, d1MigrationSql } from './schema/d1-migration.js'

/** The options of {@link d1Provider}. */
export interface D1ProviderOptions extends SqlProviderOptions, D1DriverOptions {
  /**
   * The name of the database, for bindings that are a new object in each request, such as a Proxy or an instrumented binding.
   * The provider then remembers by this name that the schema is current, and nothing else. Without a name, it checks the schema
   * again for each new object. Each database needs a name of its own.
   */
  readonly database?: string
}

const providers = new WeakMap<D1Database, Map<string, SqlProvider>>()
const readiness = new Map<string, Readiness>()

/**
 * The provider over a D1 binding: `provider: (env) => d1Provider(env.DB)`. A call for each request is cheap: the provider is
 * cached by binding and by the values of the options, so that an isolate builds the statements and checks the schema only once.
 * `close` closes nothing. Throws a TypeError for a session of a binding, which may read from a replica that does not have the
 * last writes yet: no precondition can be checked there. `replicas` reads from replicas where no precondition depends on it.
 * @example
 * ```ts
 * import { bearerToken } from '@scimkit/core'
 * import { scimApp } from '@scimkit/hono-adapter'
 * import { type D1Database, d1Provider } from '@scimkit/sql-provider/d1'
 *
 * type Env = { DB: D1Database; SCIM_TOKEN: string }
 * const authenticate = bearerToken((env: Env) => env.SCIM_TOKEN)
 * const app = scimApp({ provider: (env: Env) => d1Provider(env.DB), authenticate })
 * ```
 */
export function d1Provider(db: D1Database, options: D1ProviderOptions = {}): SqlProvider {
  const known = providers.get(db) ?? new Map<string, SqlProvider>()
  providers.set(db, known)
  // By value: a Worker usually passes an options literal, so each request has a new but equal object.
  const key = JSON.stringify(options)
  const provider = known.get(key) ?? makeProvider(db, options, key)
  known.set(key, provider)
  return provider
}

function makeProvider(db: D1Database, options: D1ProviderOptions, key: string): SqlProvider {
  if ('getBookmark' in db) {
    throw new TypeError(
      'd1Provider: expected the D1 binding, got a session, which may read from a replica without the last writes. Pass env.DB; to read from replicas, set the option replicas.',
    )
  }
  const driver = d1Driver(db, options)
  if (options.database === undefined) return sqlProvider(driver, options)
  const shared = readiness.get(key) ?? { isReady: false }
  const provider = sqlProvider(driver, options, shared)
  readiness.set(key, shared)
  return provider
}
