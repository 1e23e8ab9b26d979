import type { ScimContext } from '@scimkit/core'
import {
  type Candidate,
  countWithinBytes,
  type IndexPage,
  type KeysetPage,
  type Needs,
  type Page,
  type PageBounds,
  positionText,
  type Query,
  queryInMemory,
  readPosition,
} from '@scimkit/core/provider'
import { storedPage, workWithoutLimit } from '../reading/read-rows.js'
import type { Row, RowState } from '../rows/row.js'
import { costOfRow } from '../rows/row-cost.js'
import type { Table, TenantStore } from '../rows/tenant-store.js'
import { type View, viewFor } from './filter-view.js'
import { lookUp } from './index-lookup.js'

/**
 * One page of a type, from a snapshot of the documents. Members and derived attributes are added only to the resources of
 * the page.
 */
export async function queryTable(
  store: TenantStore | undefined,
  type: string,
  query: Query,
  client: Pick<ScimContext, 'signal'>,
  scanWork: number,
): Promise<Page> {
  const table = store?.tables.get(type)
  if (store === undefined || table === undefined) return { resources: [], totalResults: 0 }
  const found = await statesOf(store, type, table, query, client, scanWork)
  const resources = await storedPage(store, found.states, query.needs, workWithoutLimit(client))
  const { states: _, ...beside } = found
  return { ...beside, resources }
}

interface FoundStates extends Pick<Page, 'totalResults' | 'short' | 'next'> {
  readonly states: readonly RowState[]
}

async function statesOf(
  store: TenantStore,
  type: string,
  table: Table,
  query: Query,
  client: Pick<ScimContext, 'signal'>,
  scanWork: number,
): Promise<FoundStates> {
  const { filter, sort, page } = query
  if (filter === undefined && sort === undefined) {
    return 'after' in page ? nextRows(table, page, query.needs) : rowsAt(table, page, query.needs)
  }
  const candidates = candidatesOf(store, type, table, query)
  const { resources, ...found } = await queryInMemory(candidates, query, client, { scanWork })
  return { ...found, states: resources as readonly RowState[] }
}

// The first sync of an identity provider reads whole tenants without a filter, so no copy of the whole table is created.
function rowsAt(table: Table, page: IndexPage, needs: Needs): FoundStates {
  const start = Math.max(page.startIndex, 1) - 1
  const rows = [...sliceOf(table.rows, start, start + Math.max(page.count, 0))]
  const shown = shownOf(rows, page, needs)
  return {
    states: shown.map(({ state }) => state),
    totalResults: table.rows.size,
    ...(shown.length < rows.length && { short: true }),
  }
}

function nextRows(table: Table, page: KeysetPage, needs: Needs): FoundStates {
  const after = page.after === undefined ? 0 : readPosition(page.after, undefined).order
  const count = Math.max(page.count, 0)
  // One additional resource shows whether there is a next page.
  const ahead = [...sliceOf(rowsAfter(table.rows, after), 0, count + 1)]
  const shown = shownOf(ahead.slice(0, count), page, needs)
  const last = shown.at(-1)
  return {
    states: shown.map(({ state }) => state),
    totalResults: table.rows.size,
    ...(shown.length < Math.min(count, ahead.length) && { short: true }),
    ...(last !== undefined &&
      shown.length < ahead.length && { next: positionText({ order: last.order, key: undefined }, undefined) }),
  }
}

function shownOf(rows: readonly Row[], { bytes }: PageBounds, needs: Needs): readonly Row[] {
  return rows.slice(0, countWithinBytes(bytes, weightsOf(rows, needs)))
}

function* weightsOf(rows: readonly Row[], needs: Needs): Generator<number> {
  for (const row of rows) yield costOfRow(row, needs)
}

function* sliceOf(rows: Iterable<Row>, start: number, end: number): Generator<Row> {
  let index = 0
  for (const row of rows) {
    if (index >= end) return
    if (index >= start) yield row
    index += 1
  }
}

function* rowsAfter(rows: Iterable<Row>, order: number): Generator<Row> {
  for (const row of rows) if (row.order > order) yield row
}

/** A snapshot of all candidate rows: concurrent writes do not change the result of the page. */
function candidatesOf(store: TenantStore, type: string, table: Table, query: Query): Iterable<Candidate> {
  const rows = (query.filter && lookUp(store, type, table, query.filter)) ?? [...table.rows]
  const states = rows.map(({ state }) => state)
  return seen(rows, states, viewFor(store, query), query.needs)
}

function* seen(rows: readonly Row[], states: readonly RowState[], view: View, needs: Needs): Generator<Candidate> {
  for (let i = 0; i < rows.length; i++) {
    const [row, state] = [rows[i] as Row, states[i] as RowState]
    const bytes = (): number => costOfRow(row, needs)
    yield { stored: state, view: (work) => view(row, state, work), order: row.order, bytes }
  }
}
