/** Positions in the orders of the database, for cursor-based pagination. @see RFC 9865 */
import {
  type CompareKey,
  compareSortKeys,
  type KeysetPage,
  type KeysetPosition,
  nextPosition,
  readPosition,
  type Sort,
} from '@scimkit/core/provider'
import type { Row, SqlValue } from '../../driver/driver.js'
import type { PageRows } from '../search/page-rows.js'
import type { Ordering } from './ordering.js'

/** The position after which a page begins, if it has one. Throws a TypeError for a position that does not fit this list. */
export function positionIn(page: KeysetPage, sort: Sort | undefined, ordering: Ordering): KeysetPosition | undefined {
  if (page.after === undefined) return undefined
  const position = readPosition(page.after, sort)
  const { key } = position
  if (ordering.kind === 'base') return position
  if (key === undefined ? ordering.kind === 'keys' : (typeof key === 'string') === ordering.isText) return position
  throw new TypeError('Invalid keyset position for this list.')
}

/** A key as a parameter. */
export function boundKey(key: CompareKey): SqlValue {
  return typeof key === 'boolean' ? Number(key) : key
}

/** The position of a row with `row_id` and `sort_key`. */
export function placeOf(row: Row, ordering: Ordering): KeysetPosition {
  return { order: Number(row.row_id), key: keyIn(row.sort_key, ordering) }
}

function keyIn(value: SqlValue | undefined, ordering: Ordering): CompareKey | undefined {
  if (value === null || value === undefined || ordering.kind === 'base') return undefined
  if (ordering.isText) return String(value)
  // A Kysely instance of the host may return a bigint column as text.
  const number = Number(value)
  return ordering.kind === 'keys' && ordering.valueKind === 'b' ? number === 1 : number
}

/** Compares positions: by key, and for equal keys in base order, which `descending` does not reverse. */
export function comparePlaces(descending: boolean): (left: KeysetPosition, right: KeysetPosition) => number {
  return (left, right) => compareSortKeys(left.key, right.key, descending) || left.order - right.order
}

/** The page of the first `count` positions, and the position of the next page if a position is left. */
export function firstOf(ahead: readonly KeysetPosition[], count: number, sort: Sort | undefined): PageRows {
  const rows = ahead.slice(0, count).map(({ order }) => order)
  const [last, following] = [ahead[rows.length - 1], ahead[count]]
  if (last === undefined || following === undefined) return { rows, total: undefined, places: ahead }
  return { rows, total: undefined, places: ahead, next: nextPosition(last, following, sort) }
}
