import {
  type AffectedResource,
  type Next,
  nextVersion,
  notBefore,
  type Removal,
  type ResourceRef,
} from '@scimkit/core/provider'
import { noteInsert, noteLoss, noteReplace } from '../rows/history.js'
import { addToIndexes, removeFromIndexes } from '../rows/indexes.js'
import { type Row, type RowState, stateOf } from '../rows/row.js'
import { noteId, type TenantStore, tableOf } from '../rows/tenant-store.js'
import { changeMembers, dropMembers, leaveGroups } from './change-members.js'

/** Adds a row; the caller has checked that its id and unique keys are not taken. */
export function insertRow(store: TenantStore, ref: ResourceRef, next: Next): void {
  const own = Object.freeze({ type: ref.type, id: ref.id })
  const state = stateOf(own, next, next.at)
  store.inserted += 1
  const row: Row = { ref: own, order: store.inserted, state, history: [], members: undefined }
  noteId(store, own.id)
  const table = tableOf(store, ref.type)
  table.rows.add(row)
  store.byId.set(ref.id, row)
  addToIndexes(table.indexes, row)
  changeMembers(store, row, next.members)
  noteInsert(row, store.historyLength)
}

/** Replaces the state of a row; the caller has compared versions and keys. */
export function replaceRow(store: TenantStore, row: Row, next: Next): void {
  const state = stateOf(row.ref, next, row.state.created)
  const { indexes } = tableOf(store, row.ref.type)
  const { version } = row.state
  removeFromIndexes(indexes, row)
  row.state = state
  addToIndexes(indexes, row)
  changeMembers(store, row, next.members)
  noteReplace(row, version, next, store.historyLength)
}

/** Removes a row, with its members and its memberships in other groups; the caller has compared versions. */
export function removeRow(store: TenantStore, row: Row, removal: Removal): readonly AffectedResource[] {
  const table = tableOf(store, row.ref.type)
  removeFromIndexes(table.indexes, row)
  table.rows.delete(row)
  store.byId.delete(row.ref.id)
  dropMembers(store, row)
  const affected: AffectedResource[] = []
  for (const group of leaveGroups(store, row.ref.id)) {
    const { version } = group.state
    group.state = touched(group.state, removal)
    noteLoss(group, version, store.historyLength)
    affected.push({ ref: group.ref, version: group.state.version })
  }
  return affected
}

// A membership is not part of the document: generation and nonce change, the digest and the lookups do not.
function touched(state: RowState, { at, nonce }: Removal): RowState {
  return { ...state, version: nextVersion(state.version, nonce), lastModified: notBefore(state.lastModified, at) }
}
