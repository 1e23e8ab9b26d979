import { countWithinBytes, type Page, type Stored } from '@scimkit/core/provider'
import type { Row } from '../../driver/driver.js'
import type { Reader } from '../../reading/reader.js'
import type { Condition } from '../filter/condition.js'
import { firstOf } from '../order/places.js'
import type { PageRows } from '../search/page-rows.js'
import type { Search } from '../search/search.js'
import { walk } from '../search/walk.js'
import { walkStatements } from '../search/walk-statements.js'
import { allColumns, listColumns, weightsOf } from '../search/within-bytes.js'

// Attempts to read a page when its resources change between the reads of documents and members.
const mostAttempts = 5

/**
 * The page of the found resources, as many as fit into its bytes. Resources that were deleted meanwhile, or changed so that they do
 * not match any more, are omitted.
 */
export async function presented(
  search: Search,
  reader: Reader,
  condition: Condition | undefined,
  found: PageRows,
): Promise<Page> {
  const { total, rows, places } = found
  const held = await heldOf(search, reader, found)
  const isShort = held < rows.length
  const next = isShort ? places && firstOf(places, held, search.query.sort).next : found.next
  const shown = isShort ? { ...found, rows: rows.slice(0, held) } : found
  return {
    resources: await resources(search, reader, condition, shown),
    totalResults: total,
    ...(isShort && { short: true }),
    ...(next !== undefined && { next }),
  }
}

/** How many of the rows fit into the bytes of the page. Documents that have been read are not measured again. */
function heldOf(
  { query: { needs, page } }: Search,
  reader: Reader,
  { rows, read }: PageRows,
): number | Promise<number> {
  if (read === undefined || needs.members !== 'none') return reader.heldRows(rows, needs, page.bytes)
  return Math.min(rows.length, countWithinBytes(page.bytes, weightsOf(inOrder(rows, read))))
}

async function resources(
  search: Search,
  reader: Reader,
  condition: Condition | undefined,
  { rows: order, read }: PageRows,
): Promise<readonly Stored[]> {
  const { needs, filter } = search.query
  const { tenant } = search.scope
  if (needs.members === 'none') {
    const along = (read ?? []).filter(({ doc }) => doc !== null)
    const rows = inOrder(order, [...along, ...(await documents(search, condition, without(along, order)))])
    return reader.dress(rows, needs.derived, tenant)
  }
  for (let attempt = 1; ; attempt++) {
    const rows = inOrder(order, (attempt === 1 ? read : undefined) ?? (await versions(search, condition, order)))
    const stored = await reader.readRows(
      rows.map(({ row_id }) => Number(row_id)),
      needs,
      tenant,
    )
    const there = rows.flatMap(({ row_id, version }) => {
      const resource = stored.get(Number(row_id))
      return resource === undefined ? [] : [{ resource, isSame: resource.version === version }]
    })
    // If concurrent writers change the resources in every attempt, the earlier matches are returned in their current state.
    if (filter === undefined || attempt === mostAttempts || there.every(({ isSame }) => isSame)) {
      return there.map(({ resource }) => resource)
    }
  }
}

const withoutDocuments = listColumns(-1)

/** The rows that still satisfy the condition, with their documents. */
function documents(search: Search, condition: Condition | undefined, rows: readonly number[]): Promise<readonly Row[]> {
  return rowsOf(search, condition, rows, allColumns)
}

/** The rows that still satisfy the condition, without their documents. */
function versions(search: Search, condition: Condition | undefined, rows: readonly number[]): Promise<readonly Row[]> {
  return rowsOf(search, condition, rows, withoutDocuments)
}

async function rowsOf(
  search: Search,
  condition: Condition | undefined,
  order: readonly number[],
  columns: typeof allColumns,
): Promise<readonly Row[]> {
  if (order.length === 0) return []
  const read: Row[] = []
  const rows = [...order].sort((left, right) => left - right)
  const statements = walkStatements(search, condition, columns)
  await walk(search, statements, { rows }, (part) => read.push(...part) < 0, { free: true })
  return read
}

function without(read: readonly Row[], order: readonly number[]): readonly number[] {
  const has = new Set(read.map(({ row_id }) => Number(row_id)))
  return order.filter((row) => !has.has(row))
}

function inOrder(order: readonly number[], read: readonly Row[]): readonly Row[] {
  const byRow = new Map(read.map((row) => [Number(row.row_id), row]))
  return order.flatMap((row) => {
    const found = byRow.get(row)
    return found === undefined ? [] : [found]
  })
}
