import {
  elementsInStep,
  type Member,
  type MembersDelta,
  type MembersNeed,
  mapInSteps,
  type Next,
  type Steps,
  type Work,
} from '@scimkit/core'
import { addMembership, directGroups, removeMembership } from './membership-index.js'
import { ownCopy } from './own-copy.js'
import type { Row } from './row.js'
import { isComposed, noteId, type TenantStore } from './tenant-store.js'

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

/** The requested members, with the current type and name of their resources; undefined if none were requested. */
export function membersOf(store: TenantStore, group: Row, need: MembersNeed): readonly Member[] | undefined {
  if (need === 'none') return undefined
  if (typeof need === 'object' && 'upTo' in need && (group.members?.size ?? 0) > need.upTo) return undefined
  return Array.from(asked(group.members ?? new Map(), need), (member) => shown(store, member))
}

const membersPerComparison = 8

/**
 * The result of {@link membersOf}, computed in portions with other requests in between: the set of members is a snapshot,
 * their types and names may be later ones.
 */
export async function membersInPortions(
  store: TenantStore,
  group: Row,
  need: MembersNeed,
  work: Work,
): Promise<readonly Member[] | undefined> {
  if (need === 'none') return undefined
  const kept = [...asked(group.members ?? new Map(), need)]
  work.spend(kept.length / membersPerComparison)
  const members: Member[] = []
  for (const member of kept) {
    members.push(shown(store, member))
    if (work.isDue()) await work.rest()
  }
  return members
}

/** Many members, like {@link membersOf}, in steps: the set of members is fixed at the first step. */
export function* manyMembersOf(store: TenantStore, group: Row, need: ManyMembers): Steps<readonly Member[]> {
  const members =
    need === 'all' ? [...(group.members?.values() ?? [])] : yield* namedIn(new Map(group.members), need.only)
  return yield* mapInSteps(members, (member) => shown(store, member))
}

/** Needs that may request very many members. */
export type ManyMembers = 'all' | { readonly only: readonly string[] }

function* namedIn(kept: ReadonlyMap<string, Member>, ids: readonly string[]): Steps<readonly Member[]> {
  const named = new Set<Member>()
  for (const [number, id] of ids.entries()) {
    if (number % elementsInStep === elementsInStep - 1) yield
    const member = kept.get(id)
    if (member !== undefined) named.add(member)
  }
  return [...named]
}

function* asked(kept: ReadonlyMap<string, Member>, need: Exclude<MembersNeed, 'none'>): Iterable<Member> {
  if (need === 'all' || 'upTo' in need) return yield* kept.values()
  if ('first' in need) return yield* firstOf(kept.values(), need.first)
  for (const id of new Set(need.only)) {
    const member = kept.get(id)
    if (member !== undefined) yield member
  }
}

function* firstOf(members: Iterable<Member>, count: number): Iterable<Member> {
  let left = count
  for (const member of members) {
    if (left <= 0) return
    left -= 1
    yield member
  }
}

/** The display name of a resource in other resources. @see RFC 7643 §4.2, `members.display` */
export function displayOf(row: Row | undefined): string | undefined {
  const { displayName, userName } = row?.state.resource ?? {}
  if (typeof displayName === 'string') return displayName
  return typeof userName === 'string' ? userName : undefined
}

// A member that does not exist yet is returned as it was sent.
function shown(store: TenantStore, member: Member): Member {
  const row = store.byId.get(member.value)
  const display = displayOf(row)
  const type = row?.ref.type ?? member.type
  return {
    value: member.value,
    ...(type !== undefined && { type }),
    ...(display !== undefined && { display }),
  }
}
