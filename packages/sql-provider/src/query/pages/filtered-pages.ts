/** Pages whose filter and order the database can evaluate. @see RFC 7644 §3.4.2; RFC 9865 */
import type { IndexPage, KeysetPage, KeysetPosition } from '@scimkit/core/provider'
import { sql } from 'kysely'
import type { Row } from '../../driver/driver.js'
import type { Condition } from '../filter/condition.js'
import { best } from '../order/best.js'
import { orderedPlaces } from '../order/ordered-rows.js'
import { type Indexed, type Ordering, placeColumns } from '../order/ordering.js'
import { comparePlaces, firstOf, placeOf, positionIn } from '../order/places.js'
import { rowsOfCandidates } from '../search/candidate-rows.js'
import { loadSets } from '../search/load-sets.js'
import type { PageRows } from '../search/page-rows.js'
import type { Search } from '../search/search.js'
import { countAll, type Range, rowAt, walk } from '../search/walk.js'
import { walkStatements } from '../search/walk-statements.js'
import { allColumns, docBytesAlong, listColumns } from '../search/within-bytes.js'

// A list with so few candidates is read together with its documents.
const fewRows = 200
// Up to this position in a list with an ordering index, the list is read from its beginning; beyond it, all resources are read.
const mostOrdered = 2_000

/** Finds the page. Throws 400 tooMany, a StoreFailure, and a TypeError for an invalid position. */
export async function findPage(
  search: Search,
  condition: Condition | undefined,
  ordering: Ordering,
): Promise<PageRows> {
  const { page, sort } = search.query
  const after = 'after' in page ? positionIn(page, sort, ordering) : undefined
  if ('after' in page && page.count <= 0) return { rows: [], total: undefined }
  if (condition === undefined) {
    if (ordering.kind === 'base' || isTotal(page)) return wholeList(search, page, after)
    if (ordering.isIndexed && reach(page) <= mostOrdered) return orderedPage(search, ordering, page, after)
  }
  const range = await rangeOf(search, condition)
  return ordering.kind === 'base' || isTotal(page)
    ? basePage(search, condition, range, page, after)
    : sortedPage(search, condition, range, ordering, page, after)
}

/** The range of the resources that may satisfy a condition. */
export async function rangeOf(search: Search, condition: Condition | undefined): Promise<Range> {
  await loadSets(search)
  const rows = condition?.candidates && (await rowsOfCandidates(search, condition.candidates))
  if (rows !== undefined) return { rows }
  await refuseTooMany(search)
  return { after: 0 }
}

// With fewer comparisons per resource, counting first is not faster than starting the walk.
const manyComparisons = 10

/** Throws 400 tooMany before the walk if it would read all resources and exceed the limit: they are counted first. */
async function refuseTooMany(search: Search): Promise<void> {
  const { cost, budget, store, query } = search
  const isWhole = !('after' in query.page) || query.sort !== undefined
  if (cost <= manyComparisons || !isWhole) return
  const total = await countAll(search, walkStatements(search, undefined, allColumns))
  if (total * cost > store.scanWork) budget.spend(total * cost)
}

function isTotal(page: IndexPage | KeysetPage): boolean {
  return !('after' in page) && page.count <= 0
}

// How many positions a page needs, from the beginning or from its own position.
function reach(page: IndexPage | KeysetPage): number {
  return 'after' in page ? page.count + 1 : startOf(page) + page.count
}

function startOf({ startIndex }: IndexPage): number {
  return Math.max(startIndex, 1) - 1
}

/** All resources of the type, in base order. */
async function wholeList(
  search: Search,
  page: IndexPage | KeysetPage,
  after: KeysetPosition | undefined,
): Promise<PageRows> {
  const columns = listColumns(docBytesAlong(search.query, page.count + 1))
  const statements = walkStatements(search, undefined, columns)
  const first = (from: number, limit: number): Promise<readonly Row[]> => search.ask(statements.next(from, limit))
  if ('after' in page) {
    const rows = await first(after?.order ?? 0, page.count + 1)
    return {
      ...firstOf(
        rows.map((row) => placeOf(row, { kind: 'base' })),
        page.count,
        undefined,
      ),
      read: rows,
    }
  }
  if (isTotal(page)) return { rows: [], total: await countAll(search, statements) }
  const start = startOf(page)
  const rows = await first(start === 0 ? 0 : await rowAt(search, statements, start), page.count)
  const isAll = start === 0 && rows.length < page.count
  const total = isAll ? rows.length : await countAll(search, statements)
  return { rows: rows.map(({ row_id }) => Number(row_id)), total, read: rows }
}

/** All resources of the type, in the order of an index. */
async function orderedPage(
  search: Search,
  ordering: Indexed,
  page: IndexPage | KeysetPage,
  after: KeysetPosition | undefined,
): Promise<PageRows> {
  const places = await orderedPlaces(search, ordering, reach(page), after)
  if ('after' in page) return firstOf(places, page.count, search.query.sort)
  const isAll = places.length < reach(page)
  const total = isAll ? places.length : await countAll(search, walkStatements(search, undefined, allColumns))
  return { rows: places.slice(startOf(page)).map(({ order }) => order), total }
}

/** The matches of a range, in base order. */
async function basePage(
  search: Search,
  condition: Condition | undefined,
  range: Range,
  page: IndexPage | KeysetPage,
  after: KeysetPosition | undefined,
): Promise<PageRows> {
  const isFew = 'rows' in range && range.rows.length <= fewRows
  const columns = isFew ? listColumns(docBytesAlong(search.query, fewRows)) : sql`r.row_id`
  const statements = walkStatements(search, condition, columns)
  const [start, count] = 'after' in page ? [0, page.count + 1] : [startOf(page), Math.max(page.count, 0)]
  const kept: Row[] = []
  let total = 0
  await walk(search, statements, from(range, after), (rows) => {
    for (const row of rows) {
      if (total >= start && kept.length < count) kept.push(row)
      total += 1
    }
    return 'after' in page && kept.length >= count
  })
  const read = isFew && { read: kept }
  if ('after' in page) {
    return {
      ...firstOf(
        kept.map((row) => placeOf(row, { kind: 'base' })),
        page.count,
        undefined,
      ),
      ...read,
    }
  }
  return { rows: kept.map(({ row_id }) => Number(row_id)), total, ...read }
}

function from(range: Range, after: KeysetPosition | undefined): Range {
  if (after === undefined) return range
  return 'rows' in range ? { rows: range.rows.filter((row) => row > after.order) } : { after: after.order }
}

/** The matches of a range, in an order by keys. */
async function sortedPage(
  search: Search,
  condition: Condition | undefined,
  range: Range,
  ordering: Indexed,
  page: IndexPage | KeysetPage,
  after: KeysetPosition | undefined,
): Promise<PageRows> {
  const compare = comparePlaces(ordering.descending)
  const first = best<KeysetPosition>(reach(page), compare)
  let total = 0
  await walk(search, walkStatements(search, condition, placeColumns(ordering)), range, async (rows) => {
    total += rows.length
    const places = rows.map((row) => placeOf(row, ordering))
    await first.add(after === undefined ? places : places.filter((place) => compare(place, after) > 0))
    return false
  })
  const places = await first.inOrder()
  if ('after' in page) return firstOf(places, page.count, search.query.sort)
  return { rows: places.slice(startOf(page)).map(({ order }) => order), total }
}
