/**
 * One page of a type. The database evaluates the filter, the sort and the page as far as SQL can express them; the core evaluates
 * the rest over a bounded stream.
 * @see RFC 7644 §3.4.2; RFC 9865
 */
import type { ScimContext } from '@scimkit/core'
import { type Page, type Query, scanBudget, scanCost } from '@scimkit/core/provider'
import type { StatementGuard } from '../../dialect/dialect.js'
import { StoreFailure } from '../../driver/store-failure.js'
import type { Reader } from '../../reading/reader.js'
import { builtOnce } from '../../store/built-once.js'
import type { Store } from '../../store/store.js'
import { compileFilter } from '../filter/compile-filter.js'
import type { Condition } from '../filter/condition.js'
import { costInSql } from '../filter/equal-any.js'
import { rowSets } from '../filter/row-sets.js'
import type { Scope } from '../filter/scope.js'
import type { SqlFilter } from '../filter/sql-filter.js'
import { orderingOf } from '../order/ordering.js'
import { remedyFor, scanColumns } from '../scan/scan.js'
import { scannedPage } from '../scan/scanned-page.js'
import { type Search, searchOf } from '../search/search.js'
import { walkStatements } from '../search/walk-statements.js'
import { allColumns } from '../search/within-bytes.js'
import { findPage, rangeOf } from './filtered-pages.js'
import { explained, keysGuard } from './keys-guard.js'
import { lookedUp, type PointLookup, pointLookups } from './point-lookup.js'
import { presented } from './present-page.js'

// Attempts to build a page when its resources change between the search and the read of members.
const mostAttempts = 5

/** Runs the queries of one store. */
export type QueryPage = (type: string, query: Query, context: ScimContext) => Promise<Page>

const builtFor = builtOnce((store) => ({ lookUp: pointLookups(store), guard: keysGuard(store) }))

/** The queries of a store. They throw a TypeError for an invalid position, 400 tooMany, and a StoreFailure. */
export function pageQueries(store: Store, reader: Reader): QueryPage {
  const { lookUp, guard } = builtFor(store)
  return async (type, query, context) => {
    const { scope, usesKeys } = scopeOf(store, type, context, guard)
    const search = searchOf({
      store,
      scope,
      query,
      cost: scanCost(query),
      budget: scanBudget({ scanWork: store.scanWork, remedy: () => remedyFor(scope, query), signal: context.signal }),
      signal: context.signal,
      sets: scope.sets,
    })
    try {
      return (await singleLookUp(search, reader, lookUp)) ?? (await searched(search, reader))
    } catch (error) {
      throw error instanceof StoreFailure && usesKeys() ? await explained(store, error) : error
    }
  }
}

function scopeOf(
  store: Store,
  type: string,
  { tenant }: ScimContext,
  guard: StatementGuard,
): { readonly scope: Scope; readonly usesKeys: () => boolean } {
  let keysUsed = false
  const scope: Scope = {
    dialect: store.dialect,
    indexes: store.indexes,
    tenant,
    type,
    sets: rowSets(),
    usesKeys: () => {
      keysUsed = true
    },
    guard: () => (keysUsed ? guard : store.dialect.unguarded),
  }
  return { scope, usesKeys: () => keysUsed }
}

/** The page of a query that is a single lookup, if it has all matches. */
async function singleLookUp(search: Search, reader: Reader, lookUp: PointLookup): Promise<Page | undefined> {
  const { scope, query } = search
  const statement = lookUp(scope, query)
  if (statement === undefined) return undefined
  const read = await search.ask(statement)
  // There may be more matches: the total is not known yet.
  if ('after' in query.page || read.length >= lookedUp(query.page.count)) return undefined
  return presented(search, reader, undefined, {
    rows: read.map(({ row_id }) => Number(row_id)),
    total: read.length,
    read,
  })
}

async function searched(search: Search, reader: Reader): Promise<Page> {
  const { scope, query } = search
  const { filter, sort } = query
  const sqlFilter: SqlFilter | undefined = filter && compileFilter(scope, filter)
  const ordering = orderingOf(scope, sort)
  const condition = fitting(search, sqlFilter?.condition)
  const isSaid = sqlFilter === undefined || (sqlFilter.exact && condition === sqlFilter.condition)
  if (isSaid && ordering !== undefined) {
    const inSql =
      filter === undefined ? search : { ...search, cost: costInSql(scope, filter) + (sort === undefined ? 0 : 1) }
    return presented(inSql, reader, condition, await findPage(inSql, condition, ordering))
  }
  const statements = walkStatements(search, condition, scanColumns)
  const range = await rangeOf(search, condition ?? sqlFilter?.condition)
  for (let attempt = 1; ; attempt++) {
    // If concurrent writers change the resources in every attempt, the earlier matches are returned in their current state.
    const page = await scannedPage(search, reader, statements, range, attempt === mostAttempts)
    if (page !== 'changed') return page
  }
}

// The parameters that a walk adds to those of its condition: scope, bounds, and the path of a sort.
const parametersOfWalk = 16
// An upper limit for the parameters of all terms of a filter: a database that supports so many needs no check.
const mostParameters = 2_000

/** The condition, if a statement can have that many parameters. */
function fitting(search: Search, condition: Condition | undefined): Condition | undefined {
  const { maxParameters } = search.store.driver
  if (condition === undefined || maxParameters >= mostParameters) return condition
  const { parameters } = walkStatements(search, condition, allColumns)
  return parameters + parametersOfWalk <= maxParameters ? condition : undefined
}
