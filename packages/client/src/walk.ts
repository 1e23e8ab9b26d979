/** All resources of a list, page by page, for servers as they are. @see RFC 7644 §3.4.2.4; RFC 9865 §2 */
import type { JsonObject } from '@scimkit/core'
import type { Wire } from './exchange.js'
import { ScimClientError } from './failure.js'
import { type ListPage, readPage } from './list-page.js'
import type { ListOptions } from './parameters.js'

/** Walks by cursor where `cursors` says that there are some, else by index. */
export async function* walk(
  wire: Wire,
  endpoint: string,
  options: ListOptions,
  cursors: () => Promise<boolean>,
): AsyncGenerator<JsonObject, void, undefined> {
  if (!(await cursors())) return yield* walkByIndex(wire, endpoint, options, undefined)
  const first = await readPage(wire, endpoint, { ...options, cursor: '' })
  // A server that says it has cursors, and then pages this list by index all the same.
  const isIndexed = first.nextCursor === undefined && first.resources.length < (first.totalResults ?? 0)
  if (isIndexed) return yield* walkByIndex(wire, endpoint, options, first)
  yield* walkByCursor(wire, endpoint, options, first)
}

async function* walkByCursor(
  wire: Wire,
  endpoint: string,
  options: ListOptions,
  first: ListPage<JsonObject>,
): AsyncGenerator<JsonObject, void, undefined> {
  let page = first
  // Brent's way to see a circle: one cursor is kept, and replaced after 1, 2, 4 … pages; a circle leads back to it.
  let kept = ''
  let pages = 0
  let replaceAt = 1
  for (;;) {
    yield* page.resources
    const cursor = page.nextCursor
    if (cursor === undefined) return
    if (cursor === kept) throw circle(wire, endpoint, 'a cursor came twice')
    if (++pages === replaceAt) [kept, replaceAt] = [cursor, replaceAt * 2]
    page = await readPage(wire, endpoint, { ...options, cursor })
  }
}

/**
 * The next page begins after what has come, not after what was asked for: servers give fewer. While others write, what
 * shifts into the next page comes once; what shifts out of it is missed, which only cursors prevent.
 */
async function* walkByIndex(
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
    // The total may have changed since the page before; a server that does not tell it says by an empty page.
    if (page.resources.length === 0 || startIndex > (page.totalResults ?? Number.POSITIVE_INFINITY)) return
    before = ids
    page = await readPage(wire, endpoint, { ...options, startIndex })
    const { length } = page.resources
    const isSame = length > 0 && length === before.size && page.resources.every(({ id }) => before.has(id))
    repeated = isSame ? repeated + 1 : 0
    // A page of one may come again for a reason: somebody new in front has shifted it.
    if (repeated > (length === 1 ? 1 : 0)) {
      throw circle(wire, endpoint, `startIndex=${startIndex} gave the page before it again`)
    }
  }
}

function circle(wire: Wire, endpoint: string, what: string): ScimClientError {
  const detail = `${wire.base}${endpoint}: the list runs in a circle: ${what}`
  return new ScimClientError(detail, { kind: 'badAnswer', status: 200 })
}
