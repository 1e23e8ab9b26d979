/**
 * One page of a type. The filter, the sort and the page are the database's work as far as SQL can say them; the rest is
 * evaluated by the core over a bounded stream.
 * @see RFC 7644 §3.4.2; RFC 9865
 */
import {
  compareSortKeys,
  type IndexPage,
  type KeysetPage,
  type Page,
  positionText,
  type Query,
  readPosition,
  type ScimContext,
  type Sort,
  type Stored,
} from '@scimkit/core'
import { sql } from 'kysely'
import type { Reader } from '../reading/reader.js'
import type { Store } from '../store.js'
import { compileFilter } from './compile-filter.js'
import { indexRows } from './index-rows.js'
import { keysetRows } from './keyset-rows.js'
import { orderingOf } from './ordering.js'
import { pageStatements } from './page-statements.js'
import { exactly, type Pushed } from './pushed.js'
import { type Match, scan } from './scan.js'
import type { Scope } from './scope.js'

// How often a page is put together again when resources of it change between the search and the reading of members.
const mostAttempts = 5

/** Answers one question. Throws a TypeError for a position that is none, 400 tooMany, and a StoreFailure. */
export async function queryPage(
  store: Store,
  reader: Reader,
  type: string,
  query: Query,
  context: ScimContext,
): Promise<Page> {
  const scope: Scope = { dialect: store.dialect.name, indexes: store.indexes, tenant: context.tenant, type }
  for (let attempt = 1; ; attempt++) {
    const page = await (pushedPage(store, reader, scope, query) ?? scannedPage(store, reader, scope, query, context))
    if (page !== undefined) return page
    if (attempt === mostAttempts) {
      // Rivals write faster than we read: what matched a moment ago is shown as it is now.
      const settled = { ...query, needs: { ...query.needs } }
      return (await (pushedPage(store, reader, scope, settled, true) ??
        scannedPage(store, reader, scope, settled, context, true))) as Page
    }
  }
}

/** The page by SQL alone; undefined if SQL cannot say all of it. Resolves to undefined if a rival came between. */
function pushedPage(
  store: Store,
  reader: Reader,
  scope: Scope,
  query: Query,
  takeAsIs = false,
): Promise<Page | undefined> | undefined {
  const { filter, sort, page, needs } = query
  const pushed: Pushed = filter === undefined ? exactly(sql`1 = 1`) : compileFilter(scope, filter)
  const ordering = orderingOf(scope, sort)
  if (!pushed.exact || ordering === undefined) return undefined
  const statements = pageStatements(store.dialect, scope, filter === undefined ? undefined : pushed.condition)
  if (statements.count().parameters.length + 12 > store.driver.maxParameters) return undefined
  return (async () => {
    const found =
      'after' in page
        ? await keysetRows(store.driver, statements, ordering, sort, page)
        : await indexRows(store.driver, statements, ordering, page)
    const matches = found.rows.map((row) => ({ row: Number(row.row_id), version: String(row.version), key: undefined }))
    const resources =
      needs.members === 'none'
        ? await reader.dress(found.rows, needs.derived, scope.tenant)
        : await readMatches(reader, scope, query, matches, takeAsIs)
    if (resources === undefined) return undefined
    return {
      resources,
      totalResults: found.total,
      ...(found.next !== undefined && { next: found.next }),
    }
  })()
}

/** The page by looking at what SQL lets through. Resolves to undefined if a rival came between. */
async function scannedPage(
  store: Store,
  reader: Reader,
  scope: Scope,
  query: Query,
  context: ScimContext,
  takeAsIs = false,
): Promise<Page | undefined> {
  const { filter, sort, page } = query
  const narrowed = filter === undefined ? undefined : compileFilter(scope, filter).condition
  const narrow = pageStatements(store.dialect, scope, narrowed)
  const fits = narrow.count().parameters.length + 12 <= store.driver.maxParameters
  const statements = fits ? narrow : pageStatements(store.dialect, scope, undefined)
  const position = 'after' in page && page.after !== undefined ? readPosition(page.after, sort) : undefined
  const from = {
    after: sort === undefined && position !== undefined ? position.order : 0,
    enough: 'after' in page ? Math.max(page.count, 0) + 1 : Number.POSITIVE_INFINITY,
  }
  const matches = await scan(store, reader, scope, statements, query, context, from)
  const ordered = inOrder(matches, sort)
  const { shown, next } = 'after' in page ? keysetPart(ordered, page, sort) : indexPart(ordered, page)
  const resources = await readMatches(reader, scope, query, shown, takeAsIs)
  if (resources === undefined) return undefined
  return {
    resources,
    totalResults: 'after' in page ? undefined : matches.length,
    ...(next !== undefined && { next }),
  }
}

function inOrder(matches: readonly Match[], sort: Sort | undefined): readonly Match[] {
  if (sort === undefined) return matches
  return [...matches].sort((left, right) => compareSortKeys(left.key, right.key, sort.descending))
}

interface Part {
  readonly shown: readonly Match[]
  readonly next?: string
}

function indexPart(matches: readonly Match[], page: IndexPage): Part {
  const start = Math.max(page.startIndex, 1) - 1
  return { shown: matches.slice(start, start + Math.max(page.count, 0)) }
}

function keysetPart(matches: readonly Match[], page: KeysetPage, sort: Sort | undefined): Part {
  const position = page.after === undefined ? undefined : readPosition(page.after, sort)
  const rest =
    position === undefined
      ? matches
      : matches.filter(({ row, key }) => {
          const bySort = sort === undefined ? 0 : compareSortKeys(key, position.key, sort.descending)
          return bySort > 0 || (bySort === 0 && row > position.order)
        })
  const shown = rest.slice(0, Math.max(page.count, 0))
  const last = shown.at(-1)
  if (last === undefined || shown.length === rest.length) return { shown }
  return { shown, next: positionText({ order: last.row, key: last.key }, sort) }
}

/**
 * The resources with what is needed beside them. Undefined if one of them has changed since it was found to match, as it
 * may not match any more; one that is gone is just not there.
 */
async function readMatches(
  reader: Reader,
  scope: Scope,
  { filter, needs }: Query,
  matches: readonly Pick<Match, 'row' | 'version'>[],
  takeAsIs: boolean,
): Promise<readonly Stored[] | undefined> {
  const read = await reader.readRows(
    matches.map(({ row }) => row),
    needs,
    scope.tenant,
  )
  const resources: Stored[] = []
  for (const { row, version } of matches) {
    const stored = read.get(row)
    if (stored === undefined) continue
    if (filter !== undefined && stored.version !== version && !takeAsIs) return undefined
    resources.push(stored)
  }
  return resources
}
