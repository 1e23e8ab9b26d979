/** Places in the orders of the database, and the positions that clients walk by. @see RFC 9865 */
import {
  type CompareKey,
  compareSortKeys,
  type KeysetPage,
  type KeysetPosition,
  nextPosition,
  readPosition,
  type Sort,
} from '@scimkit/core'
import type { Row, SqlValue } from '../driver/driver.js'
import type { Ordering } from './ordering.js'

/** The position that a page goes on from, if it does. Throws a TypeError for what is none in this list. */
export function positionIn(page: KeysetPage, sort: Sort | undefined, ordering: Ordering): KeysetPosition | undefined {
  if (page.after === undefined) return undefined
  const position = readPosition(page.after, sort)
  const { key } = position
  if (ordering.kind === 'base') return position
  if (key === undefined ? ordering.kind === 'keys' : (typeof key === 'string') === ordering.isText) return position
  throw new TypeError('This is no position in this list.')
}

/** A key as a parameter. */
export function boundKey(key: CompareKey): SqlValue {
  return typeof key === 'boolean' ? Number(key) : key
}

/** Where a row with `row_id` and `sort_key` stands. */
export function placeOf(row: Row, ordering: Ordering): KeysetPosition {
  return { order: Number(row.row_id), key: keyIn(row.sort_key, ordering) }
}

function keyIn(value: SqlValue | undefined, ordering: Ordering): CompareKey | undefined {
  if (value === null || value === undefined || ordering.kind === 'base') return undefined
  if (ordering.isText) return String(value)
  // A host's own instance may bring a bigint column as text.
  const number = Number(value)
  return ordering.kind === 'keys' && ordering.valueKind === 'b' ? number === 1 : number
}

/** Compares places: by key, and among equals in base order, which no `descending` turns around. */
export function comparePlaces(descending: boolean): (left: KeysetPosition, right: KeysetPosition) => number {
  return (left, right) => compareSortKeys(left.key, right.key, descending) || left.order - right.order
}

/** The first `count` of the places ahead, and the position of the next page if one of them is left over. */
export function firstOf(
  ahead: readonly KeysetPosition[],
  count: number,
  sort: Sort | undefined,
): { readonly rows: readonly number[]; readonly total: undefined; readonly next?: string } {
  const rows = ahead.slice(0, count).map(({ order }) => order)
  const [last, following] = [ahead[rows.length - 1], ahead[count]]
  if (last === undefined || following === undefined) return { rows, total: undefined }
  return { rows, total: undefined, next: nextPosition(last, following, sort) }
}
