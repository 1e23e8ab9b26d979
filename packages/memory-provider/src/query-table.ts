import {
  type Candidate,
  equalityOn,
  type Filter,
  heldBy,
  type IndexPage,
  type KeysetPage,
  type Needs,
  type Page,
  type PageBounds,
  positionText,
  type Query,
  queryInMemory,
  readPosition,
  type ScimContext,
} from '@scimkit/core'
import { equalityAttributes, equalityKey } from './indexes.js'
import { directGroups } from './membership-index.js'
import type { Row, RowState } from './row.js'
import { costOfRow } from './row-cost.js'
import { storedPage, workWithoutLimit } from './stored.js'
import type { Table, TenantStore } from './tenant-store.js'
import { type View, viewFor } from './view.js'

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
  return rows.slice(0, heldBy(bytes, weightsOf(rows, needs)))
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

/** The candidate rows from an index, in the order of insertion. Undefined if no index applies. */
function lookUp(store: TenantStore, type: string, table: Table, filter: Filter): readonly Row[] | undefined {
  return (
    byId(store, type, filter) ??
    byEquality(table, filter) ??
    byUniqueKey(table, filter) ??
    byMember(store, type, filter)
  )
}

function byId(store: TenantStore, type: string, filter: Filter): readonly Row[] | undefined {
  const id = equalityOn(filter, 'id')
  if (typeof id !== 'string' || !store.idsComposed) return undefined
  const row = store.byId.get(id)
  return row?.ref.type === type ? [row] : []
}

function byEquality(table: Table, filter: Filter): readonly Row[] | undefined {
  for (const name of equalityAttributes) {
    const key = equalityKey(equalityOn(filter, name))
    if (key !== undefined) return inOrder(table.indexes.equality.get(name)?.get(key))
  }
  return undefined
}

function byUniqueKey(table: Table, filter: Filter): readonly Row[] | undefined {
  for (const [attribute, rows] of table.indexes.unique) {
    const key = equalityOn(filter, attribute)
    if (key === undefined) continue
    const row = rows.get(String(key))
    return row === undefined ? [] : [row]
  }
  return undefined
}

function byMember(store: TenantStore, type: string, filter: Filter): readonly Row[] | undefined {
  const id = equalityOn(filter, 'members.value')
  if (typeof id !== 'string' || !store.idsComposed) return undefined
  return inOrder(directGroups(store.memberships, id)).filter((row) => row.ref.type === type)
}

// A renamed row moves to the end of its Set, so the order of insertion is restored by sorting.
function inOrder(rows: Iterable<Row> = []): readonly Row[] {
  return [...rows].sort((left, right) => left.order - right.order)
}
