/** The state that one attempt of a change leads to: applied, validated, and passed through the host's hook `before`. */
import type { Call } from '../engine/call.js'
import { paceFor } from '../engine/engine.js'
import { type JsonObject, jsonEqual } from '../json/value.js'
import { inPortions } from '../pacing/portions.js'
import { documentOf, membersDelta, splitMembers, withMembers } from '../provider/member-rows.js'
import type { Stored } from '../provider/provider.js'
import { changedNames } from '../resource/changed-attributes.js'
import type { Member, MembersDelta } from '../resource/member.js'
import { validateDocument } from '../resource/validate-document.js'
import type { Change, Target } from './commit-result.js'
import { callBefore, type Described, hooksOf } from './hooks/host-hooks.js'
import type { PasswordPlace } from './password-place.js'
import { checkChanged } from './rights/check-state.js'
import { type Secret, takeSecret } from './secret.js'

/** The state to write, and how it differs from the stored one. */
export interface ProposedState {
  /** The document, without members. */
  readonly resource: JsonObject
  /** The members that the change asks for, as far as they were read. */
  readonly members: readonly Member[]
  readonly secret: Secret | undefined
  /** True if the document is the stored one. */
  readonly sameContent: boolean
  /** The change, with the members that it adds and removes. */
  describe(members: MembersDelta | undefined): Described
}

/**
 * Applies a change to a stored state. A password takes its `place`. Throws the errors of the change and of the hook
 * `before`, 400 for an invalid document, and 403 for a change of an attribute that the caller may not change.
 */
export async function proposedState(
  call: Call,
  { type, ref }: Target,
  place: PasswordPlace,
  change: Change,
  stored: Stored,
): Promise<ProposedState> {
  const previous = documentOf(stored)
  const pace = paceFor(call.engine, call.context)
  const before = await inPortions(withMembers(type, previous, stored.members), pace)
  const { document, secret } = takeSecret(await inPortions(change.apply(before), pace))
  const turn = place.take(secret)
  if (turn !== undefined) await turn
  const split = splitMembers(type, validateDocument(type, ref.id, document, before))
  const { resource: validated, members } = await inPortions(split, pace)

  if (type.unwritable !== undefined) {
    const changes = await inPortions(membersDelta(stored.members ?? [], members), pace)
    checkChanged(type, previous, validated, { members: changes !== undefined, password: secret !== undefined })
  }

  const proposal = (resource: JsonObject): ProposedState => {
    const sameContent = jsonEqual(previous, resource)
    return {
      resource,
      members,
      secret,
      sameContent,
      describe: (delta) => ({
        kind: change.kind,
        type,
        ref,
        before: previous,
        next: resource,
        members: delta,
        changed: [
          ...(sameContent ? [] : changedNames(previous, resource)),
          ...(delta !== undefined && type.members !== undefined ? [type.members.name] : []),
          ...(secret === undefined ? [] : ['password']),
        ],
      }),
    }
  }

  const first = proposal(validated)
  const hooks = hooksOf(call, type)
  if (hooks?.before === undefined) return first
  const delta = await inPortions(membersDelta(stored.members ?? [], members), pace)
  if (first.sameContent && delta === undefined && secret === undefined) return first
  const amended = await callBefore(call, hooks, first.describe(delta))
  return amended === undefined || amended === validated ? first : proposal(amended)
}
