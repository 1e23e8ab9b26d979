/** Pages by `startIndex`, of one type or of several as one list. @see RFC 7644 §3.4.2.4 */
import type { Call } from '../engine/call.js'
import { scimError } from '../errors.js'
import type { IndexPage, Page } from '../provider/provider.js'
import { type ListItem, listItemsOf, requestPart } from './list-items.js'
import type { ListPart, ListQuestion } from './list-question.js'
import { interleave, keyOfStored, mergeOrder, needsOfKey, type SortKey, sharesOf } from './merge-sorted-lists.js'

/** A page, and how long the whole list is. */
export interface IndexedPage {
  readonly listed: readonly ListItem[]
  readonly totalResults: number
}

/** The page. Throws 400 tooMany for a page too deep in a sorted list of several types. */
export async function indexedPage(call: Call, { parts, sorted }: ListQuestion, page: IndexPage): Promise<IndexedPage> {
  if (sorted === undefined || page.count === 0) return pageInTurn(call, parts, page)
  return mergedPage(call, parts, sorted.descending, page)
}

/** All of the first type, then all of the next. */
async function pageInTurn(
  call: Call,
  parts: readonly ListPart[],
  { startIndex, count }: IndexPage,
): Promise<IndexedPage> {
  const listed: ListItem[] = []
  let totalResults = 0
  let isFull = false
  for (const part of parts) {
    const page: IndexPage = {
      startIndex: Math.max(1, startIndex - totalResults),
      count: isFull ? 0 : count - listed.length,
    }
    const found: Page = await requestPart(call, part, page, part.needs)
    listed.push(...listItemsOf(part, found))
    totalResults += totalOf(found)
    // After a short page the rest of its own type follows: of the next types only the totals are read.
    isFull ||= found.short === true
  }
  return { listed, totalResults }
}

/**
 * The keys of all resources up to the end of the page determine how many of each type are on it, and from which index.
 */
async function mergedPage(
  call: Call,
  parts: readonly ListPart[],
  descending: boolean,
  { startIndex, count }: IndexPage,
): Promise<IndexedPage> {
  const before = startIndex - 1
  const reach = before + count
  const most = call.engine.limits.mergedResults
  if (reach > most) {
    throw scimError.tooMany(
      `A sorted list of several types is paged by startIndex up to the ${most}th resource; use cursor to go further.`,
    )
  }
  const heads = await Promise.all(parts.map((part) => headOf(call, part, reach)))
  const order = mergeOrder(
    heads.map(({ keys }) => keys),
    descending,
    reach,
  )
  const skipped = sharesOf(order.slice(0, before), parts.length)
  const shown = order.slice(before)
  const shares = sharesOf(shown, parts.length)
  const pages = parts.map(async (part, i) => {
    const page = { startIndex: (skipped[i] ?? 0) + 1, count: shares[i] ?? 0 }
    if (page.count === 0) return { listed: [], isShort: false }
    const found = await requestPart(call, part, page, part.needs)
    return { listed: listItemsOf(part, found), isShort: found.short === true }
  })
  return {
    listed: interleave(shown, await Promise.all(pages)),
    totalResults: heads.reduce((sum, { total }) => sum + total, 0),
  }
}

const chunk = 1_000

/** The first keys of a part, and its length. */
async function headOf(
  call: Call,
  part: ListPart,
  reach: number,
): Promise<{ readonly keys: readonly SortKey[]; readonly total: number }> {
  const needs = needsOfKey(part)
  const keys: SortKey[] = []
  for (;;) {
    const page = { startIndex: keys.length + 1, count: Math.min(chunk, reach - keys.length) }
    const found = await requestPart(call, part, page, needs)
    for (const stored of found.resources) keys.push(keyOfStored(part, stored))
    const total = totalOf(found)
    if (found.resources.length === 0 || keys.length >= Math.min(reach, total)) return { keys, total }
  }
}

// RFC 7644 §3.4.2, table 3: an index list MUST have it. Clients page by it, so a guess would end their walk too early.
function totalOf({ totalResults }: Page): number {
  if (totalResults === undefined) throw new Error('The provider returned an index page without totalResults.')
  return totalResults
}
