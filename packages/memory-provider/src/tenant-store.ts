import { exactKey, type ResourceRef } from '@scimkit/core'
import type { GroupsNaming } from './groups-naming.js'
import { emptyIndexes, type Indexes } from './indexes.js'
import type { Row } from './row.js'

/** The rows of one resource type, in the order they were inserted, and their lookups. */
export interface Table {
  readonly rows: Set<Row>
  readonly indexes: Indexes
}

/** All that one tenant has. */
export interface TenantStore {
  readonly tables: Map<string, Table>
  /** Every row of every type: an id is unique across the whole service provider. @see RFC 7643 §3.1 */
  readonly byId: Map<string, Row>
  /** The groups that name an id as a member, whether or not anything has that id. */
  readonly groupsOf: GroupsNaming
  inserted: number
  /** False once an id was not in NFC: filters compare ids in NFC, so the maps by id cannot answer them any more. */
  idsComposed: boolean
  /** How many changes are kept of each resource. */
  readonly historyLength: number
  /** Most memberships that are followed to find the groups of one resource. */
  readonly groupEdges: number
}

/** A tenant with nothing in it. */
export function emptyTenantStore(bounds: Pick<TenantStore, 'historyLength' | 'groupEdges'>): TenantStore {
  return { tables: new Map(), byId: new Map(), groupsOf: new Map(), inserted: 0, idsComposed: true, ...bounds }
}

/** The row that a reference names. */
export function findRow(store: TenantStore | undefined, ref: ResourceRef): Row | undefined {
  const row = store?.byId.get(ref.id)
  return row?.ref.type === ref.type ? row : undefined
}

/** The table of a type, made at the first write to it. */
export function tableOf(store: TenantStore, type: string): Table {
  const found = store.tables.get(type)
  if (found !== undefined) return found
  const made: Table = { rows: new Set(), indexes: emptyIndexes() }
  store.tables.set(type, made)
  return made
}

/** To be told of every id that becomes a key. */
export function noteId(store: TenantStore, id: string): void {
  if (!isComposed(id)) store.idsComposed = false
}

/** True for an id that filters compare as it is spelled. */
export function isComposed(id: string): boolean {
  return exactKey(id) === id
}
