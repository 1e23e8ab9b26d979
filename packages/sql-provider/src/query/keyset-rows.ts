/** Keyset pages in the database: every page costs what the first one costs. @see RFC 9865 */
import {
  type CompareKey,
  heldBy,
  type KeysetPage,
  type KeysetPosition,
  nextPosition,
  readPosition,
  type Sort,
} from '@scimkit/core'
import type { Driver, Row, SqlValue } from '../driver/driver.js'
import type { Found } from './found.js'
import type { Ordering } from './ordering.js'
import type { KeyOrdering, PageStatements, Place, Slice } from './page-statements.js'
import { weightsOf } from './within-bytes.js'

/** The rows of a keyset page; `docBytes` is the longest document that comes along. Throws a TypeError if it is to go on from what is no position. */
export async function keysetRows(
  driver: Driver,
  statements: PageStatements,
  ordering: Ordering,
  sort: Sort | undefined,
  page: KeysetPage,
  docBytes?: number,
): Promise<Found> {
  const count = Math.max(page.count, 0)
  const position = page.after === undefined ? undefined : readPosition(page.after, sort)
  if (count === 0) return { rows: [], total: undefined }
  // One row more than asked for tells whether there is a next page.
  const limit = count + 1
  const after = position && { row: position.order, key: boundKey(position.key, ordering) }
  const ahead =
    ordering.kind === 'keys'
      ? await byKeys(driver, statements, ordering, { limit, after, docBytes })
      : await ask(driver, statements.rows(ordering, { limit, after, docBytes }))
  const asked = ahead.slice(0, count)
  const rows = asked.slice(0, heldBy(page.bytes, weightsOf(asked)))
  const short = rows.length < asked.length
  const [last, following] = [rows.at(-1), ahead[rows.length]]
  if (last === undefined || following === undefined) return { rows, total: undefined, short }
  return {
    rows,
    total: undefined,
    short,
    next: nextPosition(placeOf(last, ordering), placeOf(following, ordering), sort),
  }
}

/** The part with keys and the part without, the latter first when descending. */
async function byKeys(
  driver: Driver,
  statements: PageStatements,
  ordering: KeyOrdering,
  slice: Slice & { readonly after: Place | undefined },
): Promise<readonly Row[]> {
  const { limit, after, docBytes } = slice
  const isInKeys = after === undefined ? !ordering.descending : after.key !== null
  const inFirstPart = isInKeys !== ordering.descending
  const select = (keys: boolean) => (keys ? statements.rowsWithKey : statements.rowsWithoutKey)
  const rows = await ask(driver, select(isInKeys)(ordering, slice))
  if (!inFirstPart || rows.length >= limit) return rows
  return [...rows, ...(await ask(driver, select(!isInKeys)(ordering, { limit: limit - rows.length, docBytes })))]
}

async function ask(driver: Driver, statement: ReturnType<PageStatements['count']>): Promise<readonly Row[]> {
  const [rows = []] = await driver.read([statement])
  return rows
}

// A key of another type, or none where every row has one, is no place in this order.
function boundKey(key: CompareKey | undefined, ordering: Ordering): SqlValue {
  if (ordering.kind === 'base') return null
  if (key === undefined && ordering.kind === 'keys') return null
  if (key === undefined || (typeof key === 'string') !== ordering.isText) {
    throw new TypeError('This is no position in this list.')
  }
  return typeof key === 'boolean' ? Number(key) : key
}

function placeOf(row: Row, ordering: Ordering): KeysetPosition {
  return { order: Number(row.row_id), key: keyIn(row.sort_key, ordering) }
}

function keyIn(value: SqlValue | undefined, ordering: Ordering): CompareKey | undefined {
  if (value === null || value === undefined || ordering.kind === 'base') return undefined
  if (ordering.isText) return String(value)
  // A host's own instance may bring a bigint column as text.
  const number = Number(value)
  return ordering.kind === 'keys' && ordering.valueKind === 'b' ? number === 1 : number
}
