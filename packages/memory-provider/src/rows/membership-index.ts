/** The groups with an id as member, in the order of their memberships. */
import type { Row } from './row.js'

/**
 * By id, whether or not a resource with that id exists. Most ids are in one group, which is stored without a set: a set for
 * each of 180,000 members would cost more than the rest of their write.
 */
export type MembershipIndex = Map<string, Row | Set<Row>>

/** The direct groups of an id. */
export function directGroups(index: MembershipIndex, id: string): ReadonlySet<Row> {
  const groups = index.get(id)
  if (groups === undefined) return none
  return groups instanceof Set ? groups : new Set([groups])
}

/** Records that an id is a member of a group. */
export function addMembership(index: MembershipIndex, id: string, group: Row): void {
  const groups = index.get(id)
  if (groups === undefined) index.set(id, group)
  else if (groups instanceof Set) groups.add(group)
  else if (groups !== group) index.set(id, new Set([groups, group]))
}

/** Records that an id is no longer a member of a group. */
export function removeMembership(index: MembershipIndex, id: string, group: Row): void {
  const groups = index.get(id)
  if (groups === group) index.delete(id)
  else if (groups instanceof Set && groups.delete(group) && groups.size === 0) index.delete(id)
}

const none: ReadonlySet<Row> = new Set()
