import { compareSortKeys } from '../filter/evaluation/sort-key.js'
import { isArray, type JsonValue } from '../json/value.js'
import type { CompareKey } from '../schema/value-key.js'
import type { Sort } from './provider.js'

/**
 * A position in a sorted list: just behind the resource that has this sort key and base order, whether or not it still
 * exists.
 */
export interface KeysetPosition {
  /** The order of the provider without a sort, and among equals: a whole number, different for each resource. */
  readonly order: number
  /** The result of `sortKeyOf`; undefined for a resource without the value, and in a list without sort. */
  readonly key: CompareKey | undefined
}

/**
 * `Page.next` between the last resource of a page and the one that follows it: a position with the shortest possible
 * key, since a client sends it back. For long texts that is the beginning up to their first difference, which need not
 * be the key of any resource; it only has to be between the two.
 */
export function nextPosition(last: KeysetPosition, following: KeysetPosition, sort: Sort | undefined): string {
  return positionText(sort === undefined ? last : shortestBetween(last, following, sort), sort)
}

function shortestBetween(last: KeysetPosition, following: KeysetPosition, { descending }: Sort): KeysetPosition {
  if (typeof last.key !== 'string' || typeof following.key !== 'string') return last
  // The greater of two texts, cut behind the first place where it is greater, still is.
  const key = descending ? cutWhereDiffers(last.key, following.key) : cutWhereDiffers(following.key, last.key)
  if (key.length >= last.key.length) return last
  return { key, order: descending ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER }
}

// The whole text if it is no longer than that; a surrogate pair is not split.
function cutWhereDiffers(text: string, other: string): string {
  let same = 0
  while (same < text.length && text[same] === other[same]) same++
  const unit = text.charCodeAt(same)
  return text.slice(0, same + (unit >= 0xd800 && unit < 0xdc00 ? 2 : 1))
}

/** The position as text, for `Page.next`. */
export function positionText({ order, key }: KeysetPosition, sort: Sort | undefined): string {
  return JSON.stringify(sort === undefined ? [order] : [order, key ?? null])
}

/**
 * The position in the text, from `KeysetPage.after`. Throws a TypeError for a text that `positionText` cannot have
 * created for a list with (or without) a sort.
 */
export function readPosition(text: string, sort: Sort | undefined): KeysetPosition {
  const parts = parsed(text)
  const [order, key = null] = isArray(parts) && parts.length === (sort === undefined ? 1 : 2) ? parts : []
  if (!Number.isSafeInteger(order) || (typeof key === 'object' && key !== null))
    throw new TypeError('Invalid keyset position for this list.')
  return { order: Number(order), key: key ?? undefined }
}

/** Orders positions: by sort key, and among equals by base order, which `descending` does not reverse. */
export function comparePositions(left: KeysetPosition, right: KeysetPosition, sort: Sort | undefined): number {
  const bySort = sort === undefined ? 0 : compareSortKeys(left.key, right.key, sort.descending)
  return bySort || left.order - right.order
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
