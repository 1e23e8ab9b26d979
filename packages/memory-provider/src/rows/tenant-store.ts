import { exactKey, type ResourceRef } from '@scimkit/core/provider'
import type { CreationKeys } from './creation-keys.js'
import { emptyIndexes, type Indexes } from './indexes.js'
import type { MembershipIndex } from './membership-index.js'
import type { Row } from './row.js'

/** The rows of one resource type, in the order they were inserted, and their lookups. */
export interface Table {
  readonly rows: Set<Row>
  readonly indexes: Indexes
}

/** All data of one tenant. */
export interface TenantStore {
  readonly tables: Map<string, Table>
  /** Every row of every type: an id is unique across the whole service provider. @see RFC 7643 §3.1 */
  readonly byId: Map<string, Row>
  /** The direct groups of an id, whether or not a resource with that id exists. */
  readonly memberships: MembershipIndex
  readonly creationKeys: CreationKeys
  inserted: number
  /** False once an id was not in NFC: filters compare ids in NFC, so the maps by id no longer suffice for them. */
  idsComposed: boolean
  /** The number of changes kept of each resource. */
  readonly historyLength: number
  /** Maximum number of memberships that are followed to find the groups of one resource. */
  readonly groupEdges: number
}

/** Creates an empty tenant. */
export function emptyTenantStore(bounds: Pick<TenantStore, 'historyLength' | 'groupEdges'>): TenantStore {
  return {
    tables: new Map(),
    byId: new Map(),
    memberships: new Map(),
    creationKeys: new Map(),
    inserted: 0,
    idsComposed: true,
    ...bounds,
  }
}

/** The row of a reference. */
export function findRow(store: TenantStore | undefined, ref: ResourceRef): Row | undefined {
  const row = store?.byId.get(ref.id)
  return row?.ref.type === ref.type ? row : undefined
}

/** The table of a type, created at its first write. */
export function tableOf(store: TenantStore, type: string): Table {
  const found = store.tables.get(type)
  if (found !== undefined) return found
  const made: Table = { rows: new Set(), indexes: emptyIndexes() }
  store.tables.set(type, made)
  return made
}

/** Call this for every id that becomes a key. */
export function noteId(store: TenantStore, id: string): void {
  if (!isComposed(id)) store.idsComposed = false
}

/** True for an id whose spelling equals its normalised form in filters. */
export function isComposed(id: string): boolean {
  return exactKey(id) === id
}
