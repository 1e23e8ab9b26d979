/**
 * One page of a type. The filter, the sort and the page are the database's work as far as SQL can say them; the rest is
 * evaluated by the core over a bounded stream.
 * @see RFC 7644 §3.4.2; RFC 9865
 */
import {
  compareSortKeys,
  type IndexPage,
  type KeysetPage,
  type KeysetPosition,
  nextPosition,
  type Page,
  type Query,
  readPosition,
  type ScimContext,
  type Sort,
  type Stored,
} from '@scimkit/core'
import { sql } from 'kysely'
import type { Row } from '../driver/driver.js'
import { StoreFailure } from '../driver/store-failure.js'
import type { Reader } from '../reading/reader.js'
import type { Store } from '../store.js'
import { compileFilter } from './compile-filter.js'
import type { Found } from './found.js'
import { indexRows } from './index-rows.js'
import { explained, keysGuard, unguarded } from './keys-guard.js'
import { keysetRows } from './keyset-rows.js'
import { type LookUp, lookedUp, lookUps } from './look-up.js'
import { orderingOf } from './ordering.js'
import { type PageStatements, pageStatements } from './page-statements.js'
import { exactly, type Pushed } from './pushed.js'
import { type Match, scan } from './scan.js'
import type { Scope } from './scope.js'
import { docBytesAlong, withDocs, withinBytes } from './within-bytes.js'

// How often a page is put together again when resources of it change between the search and the reading of members.
const mostAttempts = 5

/** Answers questions to one store. */
export type QueryPage = (type: string, query: Query, context: ScimContext) => Promise<Page>

/** The questions of a store. They throw a TypeError for a position that is none, 400 tooMany, and a StoreFailure. */
export function pageQueries(store: Store, reader: Reader): QueryPage {
  const lookUp = lookUps(store)
  const guard = keysGuard(store)
  return async (type, query, context) => {
    let keysUsed = false
    const scope: Scope = {
      dialect: store.dialect.name,
      indexes: store.indexes,
      tenant: context.tenant,
      type,
      usesKeys: () => {
        keysUsed = true
      },
      guard: () => (keysUsed ? guard : unguarded),
    }
    try {
      for (let attempt = 1; ; attempt++) {
        // When rivals write faster than we read, what matched a moment ago is shown as it is now.
        const takeAsIs = attempt === mostAttempts
        const page =
          (await pushedPage(store, reader, lookUp, scope, query, takeAsIs)) ??
          (await scannedPage(store, reader, scope, query, context, takeAsIs))
        if (page !== 'changed') return page
      }
    } catch (error) {
      throw error instanceof StoreFailure && keysUsed ? await explained(store, error) : error
    }
  }
}

/** `changed`: a resource of the page was written to between the search and the reading of its members. */
type Attempt = Page | 'changed'

/** The page by SQL alone; undefined if SQL cannot say all of it. */
async function pushedPage(
  store: Store,
  reader: Reader,
  lookUp: LookUp,
  scope: Scope,
  query: Query,
  takeAsIs: boolean,
  isShort = false,
): Promise<Attempt | undefined> {
  const found = await foundBySql(store, lookUp, scope, query)
  if (found === undefined) return undefined
  const { needs, page } = query
  if (needs.members !== 'none') {
    const matches = found.rows.map(matchOf)
    const held = await reader.heldRows(
      matches.map(({ row }) => row),
      needs,
      page.bytes,
    )
    if (held < matches.length && 'after' in page) {
      // The place after the page is behind the last row that it holds.
      return pushedPage(store, reader, lookUp, scope, { ...query, page: { ...page, count: held } }, takeAsIs, true)
    }
    const resources = await readMatches(reader, scope, query, matches.slice(0, held), takeAsIs)
    return resources === 'changed' ? resources : pageOf(found, resources, isShort || held < matches.length)
  }
  const rows = await withDocs(reader, query.filter, found.rows, takeAsIs)
  if (rows === 'changed') return rows
  return pageOf(found, await reader.dress(rows, needs.derived, scope.tenant), isShort)
}

function pageOf(found: Found, resources: readonly Stored[], isShort: boolean): Page {
  return {
    resources,
    totalResults: found.total,
    ...((isShort || found.short === true) && { short: true }),
    ...(found.next !== undefined && { next: found.next }),
  }
}

function matchOf({ row_id, version }: Row): Pick<Match, 'row' | 'version'> {
  return { row: Number(row_id), version: String(version) }
}

async function foundBySql(store: Store, lookUp: LookUp, scope: Scope, query: Query): Promise<Found | undefined> {
  const { filter, sort, page } = query
  const single = lookUp(scope, query)
  if (single !== undefined) {
    const [rows = []] = await store.driver.read([single])
    if ('after' in page || rows.length < lookedUp(page.count)) return withinBytes({ rows, total: rows.length }, query)
  }
  const pushed: Pushed = filter === undefined ? everything : compileFilter(scope, filter)
  const ordering = orderingOf(scope, sort)
  if (!pushed.exact || ordering === undefined) return undefined
  const statements = pageStatements(store.dialect, scope, filter === undefined ? undefined : pushed.condition)
  if (!fits(store, statements)) return undefined
  const docBytes = docBytesAlong(query)
  return 'after' in page
    ? keysetRows(store.driver, statements, ordering, sort, page, docBytes)
    : withinBytes(await indexRows(store.driver, statements, ordering, page, docBytes), query)
}

const everything: Pushed = exactly(sql`1 = 1`)

// What a page adds to the parameters of its filter: scope, place, limit and the path of a sort, twice at most.
const parametersOfPage = 16
// A filter has so many terms at most, and a term so many parameters: whoever takes more need not be asked.
const mostParameters = 2_000

function fits({ driver }: Store, statements: PageStatements): boolean {
  if (driver.maxParameters >= mostParameters) return true
  return statements.count().parameters.length + parametersOfPage <= driver.maxParameters
}

/** The page by looking at what SQL lets through. */
async function scannedPage(
  store: Store,
  reader: Reader,
  scope: Scope,
  query: Query,
  context: ScimContext,
  takeAsIs: boolean,
): Promise<Attempt> {
  const { filter, sort, page } = query
  const narrowed = filter === undefined ? undefined : compileFilter(scope, filter).condition
  const narrow = pageStatements(store.dialect, scope, narrowed)
  const statements = fits(store, narrow) ? narrow : pageStatements(store.dialect, scope, undefined)
  const position = 'after' in page && page.after !== undefined ? readPosition(page.after, sort) : undefined
  const from = {
    after: sort === undefined && position !== undefined ? position.order : 0,
    enough: 'after' in page ? Math.max(page.count, 0) + 1 : Number.POSITIVE_INFINITY,
  }
  const matches = await scan(store, reader, scope, statements, query, context, from)
  const ordered = inOrder(matches, sort)
  const part = partOf(ordered, page, sort)
  const held = await reader.heldRows(
    part.shown.map(({ row }) => row),
    query.needs,
    page.bytes,
  )
  const isShort = held < part.shown.length
  const { shown, next } = isShort ? partOf(ordered, { ...page, count: held }, sort) : part
  const resources = await readMatches(reader, scope, query, shown, takeAsIs)
  if (resources === 'changed') return resources
  return {
    resources,
    totalResults: 'after' in page ? undefined : matches.length,
    ...(isShort && { short: true }),
    ...(next !== undefined && { next }),
  }
}

function partOf(matches: readonly Match[], page: Query['page'], sort: Sort | undefined): Part {
  return 'after' in page ? keysetPart(matches, page, sort) : indexPart(matches, page)
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
  const [last, following] = [shown.at(-1), rest[shown.length]]
  if (last === undefined || following === undefined) return { shown }
  return { shown, next: nextPosition(positionOf(last), positionOf(following), sort) }
}

function positionOf({ row, key }: Match): KeysetPosition {
  return { order: row, key }
}

/**
 * The resources with what is needed beside them. `changed` if one of them has been written to since it was found to
 * match, as it may not match any more; one that is gone is just not there.
 */
async function readMatches(
  reader: Reader,
  scope: Scope,
  { filter, needs }: Query,
  matches: readonly Pick<Match, 'row' | 'version'>[],
  takeAsIs: boolean,
): Promise<readonly Stored[] | 'changed'> {
  const read = await reader.readRows(
    matches.map(({ row }) => row),
    needs,
    scope.tenant,
  )
  const resources: Stored[] = []
  for (const { row, version } of matches) {
    const stored = read.get(row)
    if (stored === undefined) continue
    if (filter !== undefined && stored.version !== version && !takeAsIs) return 'changed'
    resources.push(stored)
  }
  return resources
}
