/** All resources of a list, page by page; tolerates servers that deviate from the RFC. @see RFC 7644 §3.4.2.4; RFC 9865 §2 */
import type { JsonObject } from '@scimkit/core/json'
import { ScimClientError } from '../failure.js'
import type { Wire } from '../wire/wire.js'
import { type ListPage, readPage } from './list-page.js'
import type { ListOptions } from './query-parameters.js'

/** Reads all pages by cursor if `cursors` resolves to true, else by index. */
export async function* paginate(
  wire: Wire,
  endpoint: string,
  options: ListOptions,
  cursors: () => Promise<boolean>,
): AsyncGenerator<JsonObject, void, undefined> {
  if (!(await cursors())) return yield* paginateByIndex(wire, endpoint, options, undefined)
  const first = await readPage(wire, endpoint, { ...options, cursor: '' })
  // The server announces cursors, but pages this list by index.
  const isIndexed = first.nextCursor === undefined && first.resources.length < (first.totalResults ?? 0)
  if (isIndexed) return yield* paginateByIndex(wire, endpoint, options, first)
  yield* paginateByCursor(wire, endpoint, options, first)
}

async function* paginateByCursor(
  wire: Wire,
  endpoint: string,
  options: ListOptions,
  first: ListPage<JsonObject>,
): AsyncGenerator<JsonObject, void, undefined> {
  let page = first
  // Brent's cycle detection: one cursor is kept, and replaced after 1, 2, 4 … pages; a cycle leads back to it.
  let kept = ''
  let pages = 0
  let replaceAt = 1
  for (;;) {
    yield* page.resources
    const cursor = page.nextCursor
    if (cursor === undefined) return
    if (cursor === kept) throw repeatedPages(wire, endpoint, 'a cursor was returned twice')
    if (++pages === replaceAt) [kept, replaceAt] = [cursor, replaceAt * 2]
    page = await readPage(wire, endpoint, { ...options, cursor })
  }
}

/**
 * The next page begins after the resources received, not after the count requested: servers may return fewer. With
 * concurrent writers, a resource that shifts into the next page is returned once; one that shifts out of it is missed,
 * which only cursors prevent.
 */
async function* paginateByIndex(
  wire: Wire,
  endpoint: string,
  options: ListOptions,
  first: ListPage<JsonObject> | undefined,
): AsyncGenerator<JsonObject, void, undefined> {
  let startIndex = 1
  let page = first ?? (await readPage(wire, endpoint, { ...options, startIndex }))
  let before: ReadonlySet<unknown> = new Set()
  let repeated = 0
  for (;;) {
    const ids = new Set(page.resources.map(({ id }) => id))
    ids.delete(undefined)
    yield* page.resources.filter(({ id }) => id === undefined || !before.has(id))
    startIndex += page.resources.length
    // The total may have changed since the previous page; a server that sends no total ends the list with an empty page.
    if (page.resources.length === 0 || startIndex > (page.totalResults ?? Number.POSITIVE_INFINITY)) return
    before = ids
    page = await readPage(wire, endpoint, { ...options, startIndex })
    const { length } = page.resources
    const isSame = length > 0 && length === before.size && page.resources.every(({ id }) => before.has(id))
    repeated = isSame ? repeated + 1 : 0
    // A page of one resource may legitimately repeat once: a resource inserted before it has shifted it.
    if (repeated > (length === 1 ? 1 : 0)) {
      throw repeatedPages(wire, endpoint, `startIndex=${startIndex} returned the previous page again`)
    }
  }
}

function repeatedPages(wire: Wire, endpoint: string, what: string): ScimClientError {
  const detail = `${wire.base}${endpoint}: pages of the list repeat: ${what}`
  return new ScimClientError(detail, { kind: 'invalidResponse', status: 200 })
}
