/** The groups that name an id as a member, in the order of their memberships. */
import type { Row } from './row.js'

/**
 * By id, whether or not anything has that id. Most ids are in one group, which is kept by itself: a set for each of 180,000
 * members would cost more than the rest of their write.
 */
export type GroupsNaming = Map<string, Row | Set<Row>>

/** The groups that name an id. */
export function groupsNaming(index: GroupsNaming, id: string): ReadonlySet<Row> {
  const groups = index.get(id)
  if (groups === undefined) return none
  return groups instanceof Set ? groups : new Set([groups])
}

/** Notes that a group names an id. */
export function noteGroup(index: GroupsNaming, id: string, group: Row): void {
  const groups = index.get(id)
  if (groups === undefined) index.set(id, group)
  else if (groups instanceof Set) groups.add(group)
  else if (groups !== group) index.set(id, new Set([groups, group]))
}

/** Notes that a group names an id no longer. */
export function forgetGroup(index: GroupsNaming, id: string, group: Row): void {
  const groups = index.get(id)
  if (groups === group) index.delete(id)
  else if (groups instanceof Set && groups.delete(group) && groups.size === 0) index.delete(id)
}

const none: ReadonlySet<Row> = new Set()
