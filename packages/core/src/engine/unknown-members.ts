/**
 * The treatment of members whose id no resource has: identity providers push whole groups, and one user that does not
 * exist (yet, or any more) must be treated as the host has decided. Whether an id is known is decided inside the write.
 * @see RFC 7643 §4.2
 */
import { scimError } from '../errors.js'
import type { UnknownMembers } from '../provider/conditional.js'
import type { MembersDelta } from '../resource/member.js'

/**
 * `keep`: stored, shown in `members`, and in no user's `groups` until a resource has the id. `skip`: left out of the
 * write, and counted in its event. `reject`: 400 invalidValue.
 */
export type UnknownMembersPolicy = 'keep' | 'skip' | 'reject'

/** All policies, the default first. */
export const unknownMembersPolicies: readonly UnknownMembersPolicy[] = ['keep', 'skip', 'reject']

/** The delta as it is passed to the provider: only `keep` adds members that need not exist. */
export function underPolicy(policy: UnknownMembersPolicy, delta: MembersDelta | undefined): MembersDelta | undefined {
  return policy === 'keep' || delta === undefined || delta.add.length === 0 ? delta : { ...delta, mustExist: true }
}

/**
 * The ids to leave out before the write is retried; at least one of those in `delta.add`, so that the retries end.
 * Throws 400 invalidValue under `reject`, and an Error if the provider has no reason to return this result.
 */
export function idsToSkip(
  policy: UnknownMembersPolicy,
  { ids }: UnknownMembers,
  delta: MembersDelta | undefined,
): readonly string[] {
  const unknown = new Set(ids)
  const skipped = (delta?.mustExist ? delta.add : []).map(({ value }) => value).filter((id) => unknown.has(id))
  if (skipped.length === 0) throw new Error('The provider reported unknown members that this write does not add.')
  if (policy === 'skip') return skipped
  throw scimError.invalidValue(`members has ids that name no resource (${skipped.length}); nothing was changed.`)
}
