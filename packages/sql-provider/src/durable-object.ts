/** SQLite inside a Cloudflare Durable Object: `@scimkit/sql-provider/durable-object`. */
import { durableObjectDriver } from './driver/durable-object-driver.js'
import type { DurableObjectStorage } from './driver/durable-object-storage.js'
import { type SqlProvider, type SqlProviderOptions, sqlProvider } from './provider.js'

export type { DurableObjectCursor, DurableObjectStorage } from './driver/durable-object-storage.js'

/** The options of {@link durableObjectProvider}. */
export interface DurableObjectProviderOptions extends SqlProviderOptions {}

/**
 * The provider over the storage of a Durable Object whose class is in `new_sqlite_classes`: make it once, in the
 * constructor, with `ctx.storage`. One object for each tenant keeps tenants apart and lets each be read and written without
 * the others; the Worker decides which object a request is for. Closing it closes nothing.
 */
export function durableObjectProvider(
  storage: DurableObjectStorage,
  options: DurableObjectProviderOptions = {},
): SqlProvider {
  return sqlProvider(durableObjectDriver(storage), options)
}
