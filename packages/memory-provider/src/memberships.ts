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
import { forgetGroup, groupsNaming, noteGroup } from './groups-naming.js'
import { ownCopy } from './own-copy.js'
import type { Row } from './row.js'
import { isComposed, noteId, type TenantStore } from './tenant-store.js'

/** The ids to add that must name a resource, and name none. */
export function missingMembers(store: TenantStore, delta: MembersDelta | undefined): readonly string[] {
  if (!delta?.mustExist) return []
  return delta.add.map(({ value }) => value).filter((id) => !store.byId.has(id))
}

/** Deltas with so many members or more are copied before the write, in portions. */
export const manyMembers = 1_000

// Copies that were made before the write, and whether all their ids are composed. Each list is made for one delta.
const copies = new WeakMap<readonly Member[], boolean>()

/** The write with members of the store's own, so that the write itself need not copy them. */
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

/** Adds and removes rows of membership, in both directions. What is already so stays so, in its place. */
export function changeMembers(store: TenantStore, group: Row, delta: MembersDelta | undefined): void {
  if (delta === undefined) return
  for (const id of delta.remove) if (group.members?.delete(id)) forgetGroup(store.groupsOf, id, group)
  const areComposed = copies.get(delta.add)
  if (areComposed === false) store.idsComposed = false
  for (const member of ownMembers(delta.add)) {
    group.members ??= new Map()
    if (group.members.has(member.value)) continue
    group.members.set(member.value, member)
    if (areComposed === undefined) noteId(store, member.value)
    noteGroup(store.groupsOf, member.value, group)
  }
}

/** Ends all memberships of a group that goes. */
export function dropMembers(store: TenantStore, group: Row): void {
  for (const id of group.members?.keys() ?? []) forgetGroup(store.groupsOf, id, group)
  group.members = undefined
}

/** Ends all memberships that name an id; gives the groups that have lost a member. */
export function leaveGroups(store: TenantStore, id: string): ReadonlySet<Row> {
  const groups = groupsNaming(store.groupsOf, id)
  store.groupsOf.delete(id)
  for (const group of groups) group.members?.delete(id)
  return groups
}

/** The members asked for, with the type and name that their resources have now; undefined if none were asked for. */
export function membersOf(store: TenantStore, group: Row, need: MembersNeed): readonly Member[] | undefined {
  if (need === 'none') return undefined
  if (typeof need === 'object' && 'upTo' in need && (group.members?.size ?? 0) > need.upTo) return undefined
  return Array.from(asked(group.members ?? new Map(), need), (member) => shown(store, member))
}

const membersPerComparison = 8

/**
 * What {@link membersOf} gives, with other requests in between: who the members are is decided at once, what is known of
 * each may be of a later moment.
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

/** Many members, as {@link membersOf} gives them, in steps: who they are is decided at the first. */
export function* manyMembersOf(store: TenantStore, group: Row, need: ManyMembers): Steps<readonly Member[]> {
  const members =
    need === 'all' ? [...(group.members?.values() ?? [])] : yield* namedIn(new Map(group.members), need.only)
  return yield* mapInSteps(members, (member) => shown(store, member))
}

/** Needs that may ask for very many members. */
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

/** The name that a resource goes by in other resources. @see RFC 7643 §4.2, `members.display` */
export function displayOf(row: Row | undefined): string | undefined {
  const { displayName, userName } = row?.state.resource ?? {}
  if (typeof displayName === 'string') return displayName
  return typeof userName === 'string' ? userName : undefined
}

// A member that nothing is known of yet is shown as it was given.
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
