/** SQLite inside a Cloudflare Durable Object: `@scimkit/sql-provider/durable-object`. */
import { durableObjectDriver } from './driver/durable-object/driver.js'
import type { DurableObjectStorage } from './driver/durable-object/storage.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from './provider.js'

export type { DurableObjectCursor, DurableObjectStorage } from './driver/durable-object/storage.js'

/** The options of {@link durableObjectProvider}. */
export interface DurableObjectProviderOptions extends SqlProviderOptions {}

/**
 * The provider over the storage of a Durable Object whose class is in `new_sqlite_classes`: create it once, in the constructor,
 * with `ctx.storage`. With one object per tenant, tenants are separate, and their reads and writes do not wait for each other;
 * the Worker chooses the object for a request. `close` closes nothing.
 */
export function durableObjectProvider(
  storage: DurableObjectStorage,
  options: DurableObjectProviderOptions = {},
): SqlProvider {
  return sqlProvider(durableObjectDriver(storage), options)
}
