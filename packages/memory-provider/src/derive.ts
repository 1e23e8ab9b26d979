import { type Derived, type GroupMembership, isObject } from '@scimkit/core'
import { displayOf } from './memberships.js'
import type { Row } from './row.js'
import type { TenantStore } from './tenant-store.js'

/** The URN of the extension that has `manager`. @see RFC 7643 §4.3 */
export const enterpriseUser: string = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** What other resources say about this one. @see RFC 7643 §4.1.2 (`groups`), §4.3 (`manager.displayName`) */
export function derivedOf(store: TenantStore, row: Row): Derived {
  const managerDisplayName = managerNameOf(store, row)
  return {
    groups: groupsOf(store, row),
    ...(managerDisplayName !== undefined && { managerDisplayName }),
  }
}

/**
 * The groups that name the resource, then the groups that name those, and so on outward: each group once, at its
 * shortest distance, so that groups within each other end the walk and a direct membership wins.
 */
function groupsOf(store: TenantStore, row: Row): readonly GroupMembership[] {
  const found = new Map<Row, GroupMembership>()
  const direct = store.groupsOf.get(row.ref.id)
  if (direct === undefined) return []
  for (const group of direct) if (group !== row) found.set(group, membershipOf(group, 'direct'))
  // A Map hands out what is added during the walk.
  for (const group of found.keys()) {
    for (const outer of store.groupsOf.get(group.ref.id) ?? []) {
      if (outer !== row && !found.has(outer)) found.set(outer, membershipOf(outer, 'indirect'))
    }
  }
  return [...found.values()]
}

function membershipOf(group: Row, type: GroupMembership['type']): GroupMembership {
  const display = displayOf(group)
  return { value: group.ref.id, ...(display !== undefined && { display }), type }
}

// "The displayName of the user's manager" (RFC 7643 §4.3): no other name stands in for it.
function managerNameOf(store: TenantStore, row: Row): string | undefined {
  const extension = row.state.resource[enterpriseUser]
  const manager = isObject(extension) ? extension.manager : undefined
  const id = isObject(manager) ? manager.value : undefined
  const name = typeof id === 'string' ? store.byId.get(id)?.state.resource.displayName : undefined
  return typeof name === 'string' ? name : undefined
}
