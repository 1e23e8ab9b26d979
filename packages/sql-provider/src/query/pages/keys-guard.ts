/**
 * Prevents queries with keys that this process cannot use: keys for another list of attributes, keys that are being rebuilt, or
 * keys of another schema version. Such keys find too few resources, and after an empty list identity providers create users again.
 * The check is part of the statement itself, which fails if the check fails.
 */
import { sql } from 'kysely'
import type { StatementGuard } from '../../dialect/dialect.js'
import { StoreFailure } from '../../driver/store-failure.js'
import { stateBy } from '../../schema/meta.js'
import { newestSchema } from '../../schema/migrations.js'
import type { Store } from '../../store/store.js'

/** The check for the keys of a store. */
export function keysGuard({ dialect, indexes }: Pick<Store, 'dialect' | 'indexes'>): StatementGuard {
  const known = sql`from scim_meta where name in ('indexes', 'schema') and value in (${indexes.signature}, ${String(newestSchema)})`
  return dialect.guard(known, 2)
}

/** The failure unchanged, or a failure that describes the problem with the keys if that was the reason. */
export async function explained(store: Store, failure: StoreFailure): Promise<StoreFailure> {
  const { driver, indexes } = store
  const state = await stateBy(async (statement) => (await driver.read([statement]))[0] ?? [], store)
  if (state.schema === newestSchema && state.indexes === indexes.signature) return failure
  return new StoreFailure(
    `The keys in the database are for other indexed attributes, are being rebuilt, or have schema ${state.schema} (this version has ${newestSchema}); filters and sorts that use them are rejected. Restart this process with the ScimKit version and the option indexes of the other processes.`,
    'nothingWritten',
    failure,
  )
}
