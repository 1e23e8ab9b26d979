/** The rows that may satisfy a condition, as an index finds them. */
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { slotNamed } from '../../statement/template.js'

/** Rows that an index finds, in scope or not; no other row satisfies the condition. */
export type Candidates =
  /** The rows of these `select row_id …`: few, for any number of resources. */
  | { readonly kind: 'few'; readonly selects: readonly RawBuilder<unknown>[] }
  /** The rows of these `select row_id …`, each of which finds many values; `most`: their maximum number, if known. */
  | { readonly kind: 'values'; readonly selects: readonly RawBuilder<unknown>[]; readonly most: number | undefined }
  /** Rows with such keys; `isUnique`: at most one. */
  | { readonly kind: 'keys'; readonly keys: KeyRange; readonly isUnique: boolean }
  /** The rows of a row set of the query, by its name. */
  | { readonly kind: 'set'; readonly name: string }
  /** The rows of all of these. */
  | { readonly kind: 'any'; readonly of: readonly Candidates[] }
  /** Alternatives, at least one: each of them alone contains all rows. */
  | { readonly kind: 'one'; readonly of: readonly Candidates[] }

/** A range of the index over (tenant, type, path, fold, row_id). */
export interface KeyRange {
  /** Over `k`: the range alone, with columns of the index only. */
  readonly range: RawBuilder<boolean>
  /** Over `k`: the part of the range after the slots `fold` and `row`; another lower bound would read rows again. */
  readonly after: RawBuilder<boolean>
  /** The first `fold` of the range. */
  readonly from: string
  /** The order of the index within the range. */
  readonly order: RawBuilder<unknown>
}

/** The range of one key. */
export function keyEqual(ofPath: RawBuilder<boolean>, fold: string): KeyRange {
  const range = sql<boolean>`${ofPath} and k.fold = ${fold}`
  return { range, after: sql`${range} and k.row_id > ${slotNamed<number>('row')}`, from: fold, order: sql`k.row_id` }
}

/** A range of several keys, up to `before` if it has an end. */
export function keysWithin(ofPath: RawBuilder<boolean>, from: string, before: string | undefined): KeyRange {
  const end = before === undefined ? sql`` : sql` and k.fold < ${before}`
  return {
    range: sql`${ofPath} and k.fold >= ${from}${end}`,
    after: sql`${ofPath} and (k.fold, k.row_id) > (${slotNamed<string>('fold')}, ${slotNamed<number>('row')})${end}`,
    from,
    order: sql`k.fold, k.row_id`,
  }
}
