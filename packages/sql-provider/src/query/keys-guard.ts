/**
 * Prevents queries with keys that this process cannot use: keys for another list of attributes, keys that are being rebuilt, or
 * keys of another schema version. Such keys find too few resources, and after an empty list identity providers create users again.
 * The check is part of the statement itself, which fails if the check fails.
 */
import { type RawBuilder, sql } from 'kysely'
import { StoreFailure } from '../driver/store-failure.js'
import { stateBy } from '../schema/meta.js'
import { newestSchema } from '../schema/migrations.js'
import type { Store } from '../store.js'

/** The places of the check in a statement that uses keys; each dialect evaluates another one before it reads rows. */
export interface KeysGuard {
  /** A condition after the other conditions. */
  readonly and: RawBuilder<unknown>
  /** The limit, including the check if the dialect has it there. */
  limit(count: RawBuilder<number>): RawBuilder<number>
}

/** No check: for statements that use no keys. */
export const unguarded: KeysGuard = { and: sql``, limit: (count) => count }

/** The check for the keys of a store. */
export function keysGuard({ dialect, indexes }: Pick<Store, 'dialect' | 'indexes'>): KeysGuard {
  const known = sql`from scim_meta where name in ('indexes', 'schema') and value in (${indexes.signature}, ${String(newestSchema)})`
  if (dialect.name === 'postgres') {
    // A condition without columns is evaluated once and first. In the limit, it would hide the small limit from the planner.
    const two = sql`(select n from (values (1), (2)) as v (n))`
    return {
      and: sql` and (select case when count(*) = 2 then 1 else ${two} end ${known}) = 1`,
      limit: (count) => count,
    }
  }
  // SQLite evaluates a condition only if there is a row, but it always evaluates the limit.
  const checked = sql`(select case when count(*) = 2 then 1 else json('keys of others: ' || count(*)) end ${known})`
  return { and: sql``, limit: (count) => sql`${count} * ${checked}` }
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
