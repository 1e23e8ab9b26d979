/**
 * Filtering, sorting and paging for providers that hold their resources in memory, or have no query language: they
 * hand in the candidates, this does the rest as the protocol wants it.
 * @see RFC 7644 §3.4.2.2 (filter), §3.4.2.3 (sort), §3.4.2.4 (index pages); RFC 9865 (keyset pages)
 */
import { attributesOf, fullPath } from '../filter/attributes-of.js'
import { matcherOf } from '../filter/evaluate.js'
import { compareSortKeys, sortKeyOf } from '../filter/sort-key.js'
import type { JsonObject } from '../json.js'
import type { CompareKey } from '../schema/value-key.js'
import { comparePositions, type KeysetPosition, nextPosition, readPosition } from './keyset-position.js'
import { heldBy, weightOfStored } from './page-room.js'
import type { IndexPage, KeysetPage, Page, Query, Sort, Stored } from './provider.js'

/** A resource that may match: what the page will hold, and how the filter sees it. */
export interface Candidate {
  /** Goes into the page as it is. */
  readonly stored: Stored
  /**
   * The document with all that the query {@link mentions}: `members`, `groups`, `meta`. Called at most once a query,
   * and only if there is a filter or a sort.
   */
  view(): JsonObject
  /**
   * The resource's place in the provider's own order: a whole number that no other of the type and tenant has, and that
   * stays. Candidates come in this order. Needed for keyset pages only.
   */
  readonly order?: number
  /** What it counts as on a page bounded in bytes (`weightOf`); absent: what `stored` itself counts as. */
  readonly weight?: () => number
}

/**
 * The page of the candidates that match. Candidates are the resources of one type and tenant: all of them, or those
 * that an index found (see `equalityOn`). Without `sort`, and among equals, they keep the order they come in, so hand
 * them in the same order each time. Throws a TypeError for a keyset page of candidates without `order`, or after what is
 * no position.
 */
export function queryInMemory(candidates: Iterable<Candidate>, query: Query): Page {
  const matches = matching(candidates, query)
  const { sort, page } = query
  return 'after' in page ? keysetPage(matches, page, sort) : indexPage(matches, page, sort)
}

function indexPage(matches: Match[], page: IndexPage, sort: Sort | undefined): Page {
  if (sort !== undefined) matches.sort((left, right) => compareSortKeys(left.key, right.key, sort.descending))
  const start = Math.max(page.startIndex, 1) - 1
  const asked = matches.slice(start, start + Math.max(page.count, 0))
  const shown = asked.slice(0, heldBy(page.bytes, weightsOf(asked)))
  return {
    resources: shown.map((match) => match.stored),
    totalResults: matches.length,
    ...(shown.length < asked.length && { short: true }),
  }
}

function keysetPage(matches: readonly Match[], page: KeysetPage, sort: Sort | undefined): Page {
  const start = page.after === undefined ? undefined : readPosition(page.after, sort)
  const rest = matches
    .map(({ stored, weight, ...match }) => ({ stored, weight, at: positionOf(match) }))
    .filter(({ at }) => start === undefined || comparePositions(at, start, sort) > 0)
    .sort((left, right) => comparePositions(left.at, right.at, sort))
  const asked = rest.slice(0, Math.max(page.count, 0))
  const shown = asked.slice(0, heldBy(page.bytes, weightsOf(asked)))
  const [last, following] = [shown.at(-1), rest[shown.length]]
  return {
    resources: shown.map((match) => match.stored),
    totalResults: matches.length,
    ...(shown.length < asked.length && { short: true }),
    ...(last !== undefined && following !== undefined && { next: nextPosition(last.at, following.at, sort) }),
  }
}

function* weightsOf(matches: readonly Pick<Match, 'stored' | 'weight'>[]): Generator<number> {
  for (const { stored, weight } of matches) yield weight?.() ?? weightOfStored(stored)
}

function positionOf({ order, key }: Pick<Match, 'order' | 'key'>): KeysetPosition {
  if (order === undefined) throw new TypeError('queryInMemory: a keyset page needs candidates with an order.')
  return { order, key }
}

/**
 * True if filter or sort ask about the attribute, a part of it, or a whole that it is part of: then `view()` must show
 * it. `path` is a full canonical path: `members`, `groups`, `meta`, `urn:…:User:manager.displayName`.
 */
export function mentions(query: Pick<Query, 'filter' | 'sort'>, path: string): boolean {
  if (query.sort !== undefined && overlap(fullPath(query.sort.path), path)) return true
  if (query.filter === undefined) return false
  for (const asked of attributesOf(query.filter)) if (overlap(asked, path)) return true
  return false
}

interface Match {
  readonly stored: Stored
  readonly order: number | undefined
  readonly weight: (() => number) | undefined
  readonly key: CompareKey | undefined
}

function matching(candidates: Iterable<Candidate>, query: Query): Match[] {
  const { filter, sort } = query
  const holds = filter === undefined ? undefined : matcherOf(filter)
  const matches: Match[] = []
  for (const candidate of candidates) {
    const view = holds === undefined && sort === undefined ? undefined : candidate.view()
    if (holds !== undefined && view !== undefined && !holds(view)) continue
    const key = sort !== undefined && view !== undefined ? sortKeyOf(sort.path, view) : undefined
    matches.push({ stored: candidate.stored, order: candidate.order, weight: candidate.weight, key })
  }
  return matches
}

function overlap(left: string, right: string): boolean {
  return left === right || isWithin(left, right) || isWithin(right, left)
}

// `manager.value` is within `manager`, `urn:…:User:manager` within `urn:…:User`.
function isWithin(part: string, whole: string): boolean {
  return part.startsWith(`${whole}.`) || part.startsWith(`${whole}:`)
}
