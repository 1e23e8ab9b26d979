/**
 * Filtering, sorting and paging for providers that hold their resources in memory, or have no query language: they pass
 * the candidates, this file does the rest as the protocol requires.
 * @see RFC 7644 §3.4.2.2 (filter), §3.4.2.3 (sort), §3.4.2.4 (index pages); RFC 9865 (keyset pages)
 */
import type { ScimContext } from '../context.js'
import { attributesOf, fullPath } from '../filter/attributes-of.js'
import { pacedMatcherOf, type Work } from '../filter/evaluation/paced.js'
import { compareSortKeys, sortKeyOf } from '../filter/evaluation/sort-key.js'
import type { JsonObject } from '../json/value.js'
import type { CompareKey } from '../schema/value-key.js'
import { comparePositions, type KeysetPosition, nextPosition, readPosition } from './keyset-position.js'
import { pacedSort } from './paced-sort.js'
import { countWithinBytes, storedBytesOnPage } from './page-bytes.js'
import type { IndexPage, KeysetPage, MaybePromise, Page, Query, Sort, Stored } from './provider.js'
import { scanBudget, scanCost, scanWorkFrom } from './scan-cost.js'

/** A resource that may match: its form on the page, and its form for the filter. */
export interface Candidate {
  /** Put on the page as it is. */
  readonly stored: Stored
  /**
   * The document with all attributes that the query uses ({@link queryUses}): `members`, `groups`, `meta`. Called at most once
   * per query, and only if there is a filter or a sort. One that takes long to build may be a promise: `work` decides
   * when to let other requests run, and counts the work for it.
   */
  view(work: Work): MaybePromise<JsonObject>
  /**
   * The resource's place in the provider's own order: a whole number that is unique in the type and tenant, and that
   * stays. Candidates come in this order. Needed for keyset pages only.
   */
  readonly order?: number
  /** Its size on a page bounded in bytes (`bytesOnPage`); absent: the size of `stored` itself. */
  readonly bytes?: () => number
}

/** The options of {@link queryInMemory}. */
export interface QueryInMemoryOptions {
  /**
   * Most comparisons for one query: candidates × terms of the filter, one more for a sort; long lists and texts count as
   * several. More is 400 tooMany. Default 2,000,000.
   */
  readonly scanWork?: number
  /** The end of the message of that error, as a sentence: the remedy for a client or operator. */
  readonly remedy?: string | (() => string)
}

/**
 * The page of the candidates that match. Candidates are the resources of one type and tenant: all of them, or those
 * that an index found (see `equalityOn`). Without `sort`, and among equals, they keep their order, so pass them in the
 * same order each time. They are processed in slices of some milliseconds, with other requests in between, so pass a
 * copy of data that writes change. Rejects with a TypeError for a keyset page of candidates without `order`, or after
 * an invalid position; with 400 tooMany beyond `scanWork`; with 503 once the client has disconnected.
 */
export async function queryInMemory(
  candidates: Iterable<Candidate>,
  query: Query,
  { signal }: Pick<ScimContext, 'signal'>,
  { scanWork, remedy }: QueryInMemoryOptions = {},
): Promise<Page> {
  const work = scanBudget({ scanWork: scanWorkFrom(scanWork), signal, ...(remedy !== undefined && { remedy }) })
  const matches = await matching(candidates, query, work)
  const { sort, page } = query
  return 'after' in page ? keysetPage(matches, page, sort, work) : indexPage(matches, page, sort, work)
}

async function indexPage(
  matches: readonly Match[],
  page: IndexPage,
  sort: Sort | undefined,
  work: Work,
): Promise<Page> {
  const inOrder =
    sort === undefined
      ? matches
      : await pacedSort(matches, (left, right) => compareSortKeys(left.key, right.key, sort.descending), work)
  const start = Math.max(page.startIndex, 1) - 1
  const asked = inOrder.slice(start, start + Math.max(page.count, 0))
  const shown = asked.slice(0, countWithinBytes(page.bytes, sizesOf(asked)))
  return {
    resources: shown.map((match) => match.stored),
    totalResults: matches.length,
    ...(shown.length < asked.length && { short: true }),
  }
}

async function keysetPage(
  matches: readonly Match[],
  page: KeysetPage,
  sort: Sort | undefined,
  work: Work,
): Promise<Page> {
  const start = page.after === undefined ? undefined : readPosition(page.after, sort)
  const rest: Placed[] = []
  for (const { stored, bytes, order, key } of matches) {
    const match = { stored, bytes, ...positionOf(order, key) }
    if (start === undefined || comparePositions(match, start, sort) > 0) rest.push(match)
    if (work.isDue()) await work.rest()
  }
  const inOrder = await pacedSort(rest, (left, right) => comparePositions(left, right, sort), work)
  const asked = inOrder.slice(0, Math.max(page.count, 0))
  const shown = asked.slice(0, countWithinBytes(page.bytes, sizesOf(asked)))
  const [last, following] = [shown.at(-1), inOrder[shown.length]]
  return {
    resources: shown.map((match) => match.stored),
    totalResults: matches.length,
    ...(shown.length < asked.length && { short: true }),
    ...(last !== undefined && following !== undefined && { next: nextPosition(last, following, sort) }),
  }
}

interface Placed extends KeysetPosition {
  readonly stored: Stored
  readonly bytes: (() => number) | undefined
}

function* sizesOf(matches: readonly Pick<Match, 'stored' | 'bytes'>[]): Generator<number> {
  for (const { stored, bytes } of matches) yield bytes?.() ?? storedBytesOnPage(stored)
}

function positionOf(order: number | undefined, key: CompareKey | undefined): KeysetPosition {
  if (order === undefined) throw new TypeError('queryInMemory: a keyset page needs candidates with an order.')
  return { order, key }
}

/**
 * True if filter or sort read the attribute, a part of it, or a whole that it is part of: then `view()` must contain
 * it. `path` is a full canonical path: `members`, `groups`, `meta`, `urn:…:User:manager.displayName`.
 */
export function queryUses(query: Pick<Query, 'filter' | 'sort'>, path: string): boolean {
  return overlapsAny(pathsUsedBy(query), path)
}

/** The full canonical paths that filter and sort read. */
export function pathsUsedBy({ filter, sort }: Pick<Query, 'filter' | 'sort'>): readonly string[] {
  const sorted = sort === undefined ? [] : [fullPath(sort.path)]
  return filter === undefined ? sorted : [...sorted, ...attributesOf(filter)]
}

/** True if the attribute is one of the paths, a part of one, or a whole that one is part of. */
export function overlapsAny(paths: readonly string[], path: string): boolean {
  return paths.some((used) => overlap(used, path))
}

interface Match {
  readonly stored: Stored
  readonly order: number | undefined
  readonly bytes: (() => number) | undefined
  readonly key: CompareKey | undefined
}

async function matching(candidates: Iterable<Candidate>, query: Query, work: Work): Promise<readonly Match[]> {
  const { filter, sort } = query
  const holds = filter === undefined ? undefined : pacedMatcherOf(filter, work)
  const asks = filter !== undefined || sort !== undefined
  const cost = scanCost(query)
  const matches: Match[] = []
  for (const candidate of candidates) {
    if (asks) work.spend(cost)
    if (work.isDue(cost)) await work.rest()
    const made = asks ? candidate.view(work) : undefined
    const view = made instanceof Promise ? await made : made
    if (holds !== undefined && view !== undefined) {
      const answer = holds(view)
      if (!(typeof answer === 'boolean' ? answer : await answer)) continue
    }
    const key = sort !== undefined && view !== undefined ? sortKeyOf(sort.path, view) : undefined
    matches.push({ stored: candidate.stored, order: candidate.order, bytes: candidate.bytes, key })
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
