import { elementsInStep, type Member, type MembersDelta, type Next, type Steps } from '@scimkit/core/provider'
import { addMembership, directGroups, removeMembership } from '../rows/membership-index.js'
import { ownCopy } from '../rows/own-copy.js'
import type { Row } from '../rows/row.js'
import { isComposed, noteId, type TenantStore } from '../rows/tenant-store.js'

/** The ids to add that must exist and do not. */
export function missingMembers(store: TenantStore, delta: MembersDelta | undefined): readonly string[] {
  if (!delta?.mustExist) return []
  return delta.add.map(({ value }) => value).filter((id) => !store.byId.has(id))
}

/** Deltas with at least this many members are copied before the write, in portions. */
export const manyMembers = 1_000

// Copies created before the write, and whether all their ids are in NFC. Each list belongs to one delta.
const copies = new WeakMap<readonly Member[], boolean>()

/** The write with copied members, so that the atomic part need not copy them. */
export function* withOwnMembers(next: Next): Steps<Next> {
  if (next.members === undefined) return next
  const add: Member[] = []
  let areComposed = true
  for (let at = 0; at < next.members.add.length; at += elementsInStep) {
    for (const member of ownCopy(next.members.add.slice(at, at + elementsInStep))) {
      add.push(keptOf(member))
      areComposed &&= isComposed(member.value)
    }
    yield
  }
  copies.set(add, areComposed)
  return { ...next, members: { ...next.members, add } }
}

function ownMembers(members: readonly Member[]): readonly Member[] {
  return copies.has(members) ? members : ownCopy(members).map(keptOf)
}

function keptOf({ value, type }: Member): Member {
  return type === undefined ? { value } : { value, type }
}

/** Adds and removes member rows, in both directions. Existing members keep their position. */
export function changeMembers(store: TenantStore, group: Row, delta: MembersDelta | undefined): void {
  if (delta === undefined) return
  for (const id of delta.remove) if (group.members?.delete(id)) removeMembership(store.memberships, id, group)
  const areComposed = copies.get(delta.add)
  if (areComposed === false) store.idsComposed = false
  for (const member of ownMembers(delta.add)) {
    group.members ??= new Map()
    if (group.members.has(member.value)) continue
    group.members.set(member.value, member)
    if (areComposed === undefined) noteId(store, member.value)
    addMembership(store.memberships, member.value, group)
  }
}

/** Removes all members of a group that is removed. */
export function dropMembers(store: TenantStore, group: Row): void {
  for (const id of group.members?.keys() ?? []) removeMembership(store.memberships, id, group)
  group.members = undefined
}

/** Removes an id from all its groups; returns the groups that have lost a member. */
export function leaveGroups(store: TenantStore, id: string): ReadonlySet<Row> {
  const groups = directGroups(store.memberships, id)
  store.memberships.delete(id)
  for (const group of groups) group.members?.delete(id)
  return groups
}
