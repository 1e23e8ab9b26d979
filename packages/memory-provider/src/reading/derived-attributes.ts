import { scimError } from '@scimkit/core'
import type { Derived, GroupMembership, Needs, Work } from '@scimkit/core/provider'
import { managerIdOf } from '@scimkit/core/provider'
import { directGroups } from '../rows/membership-index.js'
import type { Row, RowState } from '../rows/row.js'
import type { TenantStore } from '../rows/tenant-store.js'
import { displayOf } from './read-members.js'

/** Derived attributes, computed from other resources. @see RFC 7643 §4.1.2 (`groups`), §4.3 (`manager.displayName`) */
export async function derivedOf(
  store: TenantStore,
  state: RowState,
  need: Exclude<Needs['derived'], false>,
  work: Work,
): Promise<Derived> {
  const groups = need === true ? await groupsOf(store, state.ref.id, work) : undefined
  const managerDisplayName = managerNameOf(store, state)
  return {
    ...(groups !== undefined && { groups }),
    ...(managerDisplayName !== undefined && { managerDisplayName }),
  }
}

// Following a membership costs much less than a comparison.
const edgesPerComparison = 16

/**
 * The direct groups of the resource, then the groups of those, breadth first: each group once, at its shortest distance,
 * so that cycles terminate and a direct membership takes precedence. Throws 400 tooMany if more memberships would be
 * followed than the store allows.
 */
export async function groupsOf(store: TenantStore, id: string, work: Work): Promise<readonly GroupMembership[]> {
  const direct = directGroups(store.memberships, id)
  const found = new Map<Row, GroupMembership>()
  for (const group of direct) if (group.ref.id !== id) found.set(group, membershipOf(group, 'direct'))
  let edges = direct.size
  // The iteration of a Map includes entries added meanwhile.
  for (const group of found.keys()) {
    const outside = directGroups(store.memberships, group.ref.id)
    if (outside.size === 0) continue
    edges += outside.size
    if (edges > store.groupEdges) throw tooManyEdges(store.groupEdges)
    work.spend(outside.size / edgesPerComparison)
    for (const outer of outside) {
      if (!found.has(outer) && outer.ref.id !== id) found.set(outer, membershipOf(outer, 'indirect'))
    }
    if (work.isDue(outside.size)) await work.rest()
  }
  return [...found.values()]
}

function tooManyEdges(limit: number): Error {
  return scimError.tooMany(
    `To find all groups of a resource, more than ${limit} memberships would have to be followed, the limit groupEdges of this server. Send excludedAttributes=groups to read it without them.`,
  )
}

function membershipOf(group: Row, type: GroupMembership['type']): GroupMembership {
  const display = displayOf(group)
  return { value: group.ref.id, ...(display !== undefined && { display }), type }
}

/** "The displayName of the user's manager" (RFC 7643 §4.3): no other name is used instead. */
export function managerNameOf(store: TenantStore, { resource }: RowState): string | undefined {
  const id = managerIdOf(resource)
  const name = id !== undefined ? store.byId.get(id)?.state.resource.displayName : undefined
  return typeof name === 'string' ? name : undefined
}
