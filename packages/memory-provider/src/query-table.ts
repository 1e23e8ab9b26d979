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
} from '@scimkit/core'
import { equalityAttributes, equalityKey } from './indexes.js'
import type { Row } from './row.js'
import { weightOfRow } from './row-weight.js'
import { storedOf } from './stored.js'
import type { Table, TenantStore } from './tenant-store.js'
import { viewFor } from './view.js'

/** One page of a type. Only the resources on it are dressed with members and derived attributes. */
export function queryTable(store: TenantStore | undefined, type: string, query: Query): Page {
  const table = store?.tables.get(type)
  if (store === undefined || table === undefined) return { resources: [], totalResults: 0 }
  const { filter, sort, page } = query
  if (filter === undefined && sort === undefined) {
    return 'after' in page ? nextRows(store, table, page, query.needs) : rowsAt(store, table, page, query.needs)
  }
  const found = queryInMemory(candidates(store, type, table, query), query)
  const rows = found.resources.map(({ ref }) => store.byId.get(ref.id))
  return {
    ...found,
    resources: rows.flatMap((row) => (row === undefined ? [] : [storedOf(store, row, query.needs)])),
  }
}

// The first sync of an identity provider walks whole tenants without a filter: no list is made of all of it.
function rowsAt(store: TenantStore, table: Table, page: IndexPage, needs: Needs): Page {
  const start = Math.max(page.startIndex, 1) - 1
  const rows = [...sliceOf(table.rows, start, start + Math.max(page.count, 0))]
  const shown = shownOf(rows, page, needs)
  return {
    resources: shown.map((row) => storedOf(store, row, needs)),
    totalResults: table.rows.size,
    ...(shown.length < rows.length && { short: true }),
  }
}

function nextRows(store: TenantStore, table: Table, page: KeysetPage, needs: Needs): Page {
  const after = page.after === undefined ? 0 : readPosition(page.after, undefined).order
  const count = Math.max(page.count, 0)
  // One more tells whether there is a next page.
  const ahead = [...sliceOf(rowsAfter(table.rows, after), 0, count + 1)]
  const shown = shownOf(ahead.slice(0, count), page, needs)
  const last = shown.at(-1)
  return {
    resources: shown.map((row) => storedOf(store, row, needs)),
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
  for (const row of rows) yield weightOfRow(row, needs)
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

function* candidates(store: TenantStore, type: string, table: Table, query: Query): Generator<Candidate> {
  const view = viewFor(store, query)
  const found = query.filter && lookUp(store, type, table, query.filter)
  for (const row of found ?? table.rows) {
    const weight = (): number => weightOfRow(row, query.needs)
    yield { stored: row.state, view: () => view(row), order: row.order, weight }
  }
}

/** The rows that an index finds, in the order of insertion: all that can match. Undefined if no index can tell. */
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
  return inOrder(store.groupsOf.get(id)).filter((row) => row.ref.type === type)
}

// A row that changes its name goes to the end of its Set; lists keep the order of insertion.
function inOrder(rows: ReadonlySet<Row> | undefined): readonly Row[] {
  return [...(rows ?? [])].sort((left, right) => left.order - right.order)
}
