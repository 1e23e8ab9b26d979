/** The insertion of key rows into `scim_keys`, joined with their resource. */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'
import type { KeysTable, Tables } from '../tables.js'

/** The columns that a key row itself has; the other columns come from the resource. */
export type KeyValues = Pick<KeysTable, 'path' | 'sorts' | 'kind' | 'fold' | 'exact' | 'number' | 'unique_key'>

/** The columns of `scim_keys`. */
export const keysTable = [
  'row_id',
  'tenant',
  'type',
  'path',
  'sorts',
  'kind',
  'fold',
  'exact',
  'number',
  'unique_key',
] as const

/** Their values, in the same order, from a resource `r` and a key row `j`. */
export const keysOfResource = [
  'r.row_id',
  'r.tenant',
  'r.type',
  'j.path',
  'j.sorts',
  'j.kind',
  'j.fold',
  'j.exact',
  'j.number',
  'j.unique_key',
] as const

/** A row if the database has this signature of its indexes. */
export function indexedAs(
  { builder }: Pick<Dialect, 'builder'>,
  noted: RawBuilder<string>,
): SelectQueryBuilder<Tables, 'scim_meta', { name: string }> {
  return builder
    .selectFrom('scim_meta')
    .select('name')
    .where('name', '=', sql.lit('indexes'))
    .where('value', '=', noted)
}
