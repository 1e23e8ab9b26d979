import {
  type Candidate,
  equalityOn,
  type Filter,
  type IndexPage,
  type KeysetPage,
  type Page,
  positionText,
  type Query,
  queryInMemory,
  readPosition,
  type ScimContext,
} from '@scimkit/core'
import { equalityAttributes, equalityKey } from './indexes.js'
import type { Row, RowState } from './row.js'
import { storedPage, workWithoutLimit } from './stored.js'
import type { Table, TenantStore } from './tenant-store.js'
import { type View, viewFor } from './view.js'

/**
 * One page of a type, of the documents as they are now. Only the resources on it are dressed with members and derived
 * attributes.
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
  const { totalResults, next } = found
  return { resources, totalResults, ...(next !== undefined && { next }) }
}

interface FoundStates extends Pick<Page, 'totalResults' | 'next'> {
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
  if (filter === undefined && sort === undefined) return 'after' in page ? nextRows(table, page) : rowsAt(table, page)
  const candidates = candidatesOf(store, type, table, query)
  const { resources, ...found } = await queryInMemory(candidates, query, client, { scanWork })
  return { ...found, states: resources as readonly RowState[] }
}

// The first sync of an identity provider walks whole tenants without a filter: no list is made of all of it.
function rowsAt(table: Table, page: IndexPage): FoundStates {
  const start = Math.max(page.startIndex, 1) - 1
  const end = start + Math.max(page.count, 0)
  const states: RowState[] = []
  let index = 0
  for (const row of table.rows) {
    if (index >= end) break
    if (index >= start) states.push(row.state)
    index += 1
  }
  return { states, totalResults: table.rows.size }
}

function nextRows(table: Table, page: KeysetPage): FoundStates {
  const after = page.after === undefined ? 0 : readPosition(page.after, undefined).order
  const totalResults = table.rows.size
  const states: RowState[] = []
  let last: number | undefined
  for (const row of table.rows) {
    if (row.order <= after) continue
    if (states.length >= page.count) {
      const next = last === undefined ? {} : { next: positionText({ order: last, key: undefined }, undefined) }
      return { states, totalResults, ...next }
    }
    states.push(row.state)
    last = row.order
  }
  return { states, totalResults }
}

/** All that can match, each in its state of now: writes that come in while the page is made do not change what is seen. */
function candidatesOf(store: TenantStore, type: string, table: Table, query: Query): Iterable<Candidate> {
  const rows = (query.filter && lookUp(store, type, table, query.filter)) ?? [...table.rows]
  const states = rows.map(({ state }) => state)
  return seen(rows, states, viewFor(store, query))
}

function* seen(rows: readonly Row[], states: readonly RowState[], view: View): Generator<Candidate> {
  for (let i = 0; i < rows.length; i++) {
    const [row, state] = [rows[i] as Row, states[i] as RowState]
    yield { stored: state, view: (work) => view(row, state, work), order: row.order }
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
