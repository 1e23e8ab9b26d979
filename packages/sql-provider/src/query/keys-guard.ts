/**
 * What keeps a question from being answered by keys that are not those of this process: made for another list of
 * attributes, being made anew, or of another version of the schema. Such keys find nothing, or not all, and an empty list
 * has identity providers create people again. The check is part of the statement itself, which fails if it does not hold.
 */
import { type RawBuilder, sql } from 'kysely'
import { StoreFailure } from '../driver/store-failure.js'
import { stateBy } from '../schema/meta.js'
import { newestSchema } from '../schema/migrations.js'
import type { Store } from '../store.js'

/** Where a statement that uses keys has its check; each dialect evaluates another part of it before it looks for rows. */
export interface KeysGuard {
  /** Follows the other conditions. */
  readonly and: RawBuilder<unknown>
  /** The limit, with the check in it where that is its place. */
  limit(count: RawBuilder<number>): RawBuilder<number>
}

/** Checks nothing: for statements that use no keys. */
export const unguarded: KeysGuard = { and: sql``, limit: (count) => count }

/** The check for the keys of a store. */
export function keysGuard({ dialect, indexes }: Pick<Store, 'dialect' | 'indexes'>): KeysGuard {
  const known = sql`from scim_meta where name in ('indexes', 'schema') and value in (${indexes.signature}, ${String(newestSchema)})`
  if (dialect.name === 'postgres') {
    // A condition on no row is asked once and first. In the limit, it would hide from the planner how few rows are wanted.
    const two = sql`(select n from (values (1), (2)) as v (n))`
    return {
      and: sql` and (select case when count(*) = 2 then 1 else ${two} end ${known}) = 1`,
      limit: (count) => count,
    }
  }
  // SQLite asks a condition only once there is a row, but the limit always.
  const checked = sql`(select case when count(*) = 2 then 1 else json('keys of others: ' || count(*)) end ${known})`
  return { and: sql``, limit: (count) => sql`${count} * ${checked}` }
}

/** The failure as it is, or one that says what is wrong with the keys if that was the reason. */
export async function explained(store: Store, failure: StoreFailure): Promise<StoreFailure> {
  const { driver, indexes } = store
  const state = await stateBy(async (statement) => (await driver.read([statement]))[0] ?? [], store)
  if (state.schema === newestSchema && state.indexes === indexes.signature) return failure
  return new StoreFailure(
    `The keys in the database are for other indexed attributes, are being made, or are of schema ${state.schema} (this version has ${newestSchema}); filters and sorts that use them are refused. Start this process again, with the version and the list of indexes of the others.`,
    'nothingWritten',
    failure,
  )
}
