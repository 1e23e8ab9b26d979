/** Reads a page of resources of one type, or of all. @see RFC 7644 §3.4.2; RFC 9865 §2 */
import type { ScimContext } from '../context.js'
import type { Call } from '../engine/call.js'
import type { Engine } from '../engine/engine.js'
import { scimError } from '../errors.js'
import { cursorPage } from '../listing/cursor-pages.js'
import { indexedPage } from '../listing/index-pages.js'
import { type ListQuestion, listQuestion } from '../listing/list-question.js'
import { listResponse } from '../listing/list-response-urn.js'
import { pageTexts } from '../listing/page-texts.js'
import type { QueryOperation, SearchRequest } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import type { ListRepresentation } from '../operation-types/representation.js'
import { type Permitted, typesShown } from '../permissions/permit.js'
import type { IndexPage } from '../provider/provider.js'

/** The page, as a ListResponse. */
export async function query(call: Call, operation: Permitted<QueryOperation>): Promise<OutcomeByKind['query']> {
  if (Array.isArray(operation.precondition?.match)) {
    throw scimError.preconditionFailed('If-Match is not allowed on a list: a list has no version.')
  }
  const search = typeof operation.search === 'function' ? await operation.search() : operation.search
  const question = listQuestion(call, operation, search, typesShown(operation))
  const { cursor } = search
  const { texts, head } =
    cursor === undefined ? await byIndex(call, question, search) : await byCursor(call, question, search, cursor)
  const itemsPerPage = texts.length
  const start = JSON.stringify({ schemas: [listResponse], ...head, itemsPerPage })
  const text = `${start.slice(0, -1)},"Resources":[${texts.join(',')}]}`
  const { totalResults, startIndex, nextCursor } = head
  return { kind: 'list', value: { totalResults, startIndex, nextCursor, itemsPerPage, text } }
}

interface Found {
  readonly texts: readonly string[]
  /** The members of the response beside the resources; JSON leaves out undefined ones. */
  readonly head: Partial<Pick<ListRepresentation, 'totalResults' | 'startIndex' | 'nextCursor'>>
}

// A page of large resources stops early; itemsPerPage says so, and the next startIndex continues from there.
async function byIndex(call: Call, question: ListQuestion, search: SearchRequest): Promise<Found> {
  const page = indexPageOf(call.engine, search)
  const { listed, totalResults } = await indexedPage(call, question, page)
  return { texts: await pageTexts(call, listed), head: { totalResults, startIndex: page.startIndex } }
}

async function byCursor(call: Call, question: ListQuestion, search: SearchRequest, cursor: string): Promise<Found> {
  if (search.startIndex !== undefined) {
    throw scimError.invalidValue('cursor and startIndex cannot be combined; use one of them.')
  }
  if (call.engine.provider.keyset === false) throw scimError.notImplemented('This server does not support cursors.')
  const count = cursorCount(call.engine, call.context, search)
  const { texts, ...head } = await cursorPage(call, question, cursor, count)
  return { texts, head }
}

// RFC 7644 §3.4.2.4: below 1 is 1, a negative count is 0; the server may return fewer than requested.
function indexPageOf({ limits }: Engine, { startIndex = 1, count }: SearchRequest): IndexPage {
  if (!Number.isSafeInteger(startIndex) || !Number.isSafeInteger(count ?? 0)) {
    throw scimError.invalidValue('startIndex and count take whole numbers.')
  }
  return {
    startIndex: Math.max(1, startIndex),
    count: Math.min(Math.max(0, count ?? limits.pageSize), limits.maxPageSize),
  }
}

// RFC 9865 §2 lets a server return fewer than `count`; §2.1, table 3, has it refuse a `count` above its maximum.
function cursorCount({ limits }: Engine, { interop }: ScimContext, { count = limits.pageSize }: SearchRequest): number {
  if (!Number.isSafeInteger(count)) throw scimError.invalidCount('count takes a whole number.')
  if (count > limits.maxPageSize && !interop.anyCursorCount) {
    throw scimError.invalidCount(`count is ${limits.maxPageSize} at most.`)
  }
  return Math.min(Math.max(0, count), limits.maxPageSize)
}
