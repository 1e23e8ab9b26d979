/** The members of a group, as responses and filters contain them. */
import {
  elementsInStep,
  type Member,
  type MembersNeed,
  mapInSteps,
  type Steps,
  type Work,
} from '@scimkit/core/provider'
import type { Row } from '../rows/row.js'
import type { TenantStore } from '../rows/tenant-store.js'

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
