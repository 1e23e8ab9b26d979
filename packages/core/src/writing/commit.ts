/**
 * The only writer of existing resources: read, check, change, compare-and-swap. PUT and PATCH differ in the change
 * alone, so that the proof that no acknowledged write is lost is here once.
 *
 * For a client that sends no `If-Match`, the same compare-and-swap on the version just read is retried until it
 * succeeds.
 * @see RFC 9110 §13.2; RFC 7644 §3.5, §3.14
 */
import type { Call } from '../engine/call.js'
import { paceFor, timeNow } from '../engine/engine.js'
import { demandsIfMatch } from '../engine/if-match-policy.js'
import { idsToSkip, underPolicy } from '../engine/unknown-members.js'
import { scimError } from '../errors.js'
import { inPortions } from '../pacing/portions.js'
import { mismatch } from '../presenting/mismatch.js'
import { readableVersion } from '../presenting/readable.js'
import { membersDelta } from '../provider/member-rows.js'
import type { Next, Stored } from '../provider/provider.js'
import type { MembersNeed } from '../resource/member.js'
import { uniqueKeys } from '../resource/unique-keys.js'
import { notBefore } from '../schema/date-time.js'
import { evaluatePrecondition } from '../versioning/precondition.js'
import { nextVersion, versionNonce } from '../versioning/version.js'
import { backOff } from './back-off.js'
import { type Change, type CommitResult, isUnchanged, type Read, type Swap, type Target } from './commit-result.js'
import { documentDigest } from './document-digest.js'
import { afterHook, hooksOf, recorded, writeWithHook } from './hooks/host-hooks.js'
import type { PasswordPlace } from './password-place.js'
import { proposedState } from './proposed-state.js'
import { serializeWriters } from './serialize-writers.js'
import { readAhead, swapAhead } from './swap-ahead.js'

/**
 * Applies a change to one resource. `prepare` reads the body; it is called once, and only when the resource exists and
 * the precondition holds. A password takes its `place` before the write. Throws the errors of `prepare`, the change and
 * the store, and 503 when compare-and-swap lost too often to concurrent writers in other processes.
 */
export async function commit(
  call: Call,
  target: Target,
  place: PasswordPlace,
  prepare: () => Promise<Change>,
): Promise<CommitResult> {
  const ahead = await readAhead(call, target)
  const admitted = ahead ?? (await readChecked(call, target, 'none'))
  if (admitted.kind !== 'read') return admitted
  const change = await prepare()
  // The state that was read ahead may be used for a first attempt, unless members are needed or a concurrent writer
  // wrote while this one waited.
  const reusable = change.members === 'none' ? admitted.stored : undefined
  return serializeWriters(call, target.ref, target.precondition, async (waited) => {
    const first = waited ? undefined : reusable
    const swapped =
      first && ahead !== undefined
        ? await swapAhead(call, (observed) => swapOnce(observed, target, place, change, first, 1))
        : undefined
    return swapped ?? swapUntilDone(call, target, place, change, ahead === undefined ? first : undefined)
  })
}

/** Reads a resource and checks the precondition: 404 comes before 412 and 428 (RFC 9110 §13.2.1). */
export async function readChecked(call: Call, target: Target, members: MembersNeed): Promise<Read> {
  const stored = await call.engine.provider.read(target.ref, { members, derived: target.derived }, call.context)
  if (stored === undefined) return { kind: 'notFound' }
  if (target.precondition.match === undefined && demandsIfMatch(call.engine.requireIfMatch, target.type.name)) {
    return { kind: 'preconditionRequired', current: readableVersion(call, target.type.name, stored.version) }
  }
  if (evaluatePrecondition(target.precondition, stored.version) !== 'holds')
    return mismatch(call, target, stored.version)
  return { kind: 'read', stored }
}

async function swapUntilDone(
  call: Call,
  target: Target,
  place: PasswordPlace,
  change: Change,
  first: Stored | undefined,
): Promise<CommitResult> {
  const waitForTurn = backOff(call.engine)
  let known = first
  for (let attempt = 1; ; attempt++) {
    let result = known && (await swapOnce(call, target, place, change, known, attempt))
    // The compare-and-swap detects a state that became stale during a slow body. A no-op swaps nothing: it is decided
    // on a fresh read.
    if (result === undefined || isUnchanged(result)) {
      const read = await readChecked(call, target, change.members)
      if (read.kind !== 'read') return read
      result = await swapOnce(call, target, place, change, read.stored, attempt)
    }
    if (result.kind !== 'lost') return result
    // A concurrent writer committed first: does the client's precondition hold for its version too?
    if (evaluatePrecondition(target.precondition, result.current) !== 'holds')
      return mismatch(call, target, result.current)
    await waitForTurn()
    known = undefined
  }
}

async function swapOnce(
  call: Call,
  target: Target,
  place: PasswordPlace,
  change: Change,
  stored: Stored,
  attempts: number,
): Promise<Swap> {
  const { type, ref } = target
  const state = await proposedState(call, target, place, change, stored)
  const { resource, members: wanted, secret, sameContent } = state
  const { provider } = call.engine
  const hooks = hooksOf(call, type)
  const isDescribed = provider.history !== undefined || provider.recordsChanges === true || hooks !== undefined
  const pace = paceFor(call.engine, call.context)
  // A change of rows or of a secret keeps the digest, which is of the document (ADR 3, ADR 9).
  const digest = sameContent ? undefined : await documentDigest(call.engine, resource)
  const complete = type.members === undefined || change.members === 'all'
  const skipped = new Set<string>()
  for (;;) {
    const members = skipped.size === 0 ? wanted : wanted.filter(({ value }) => !skipped.has(value))
    const changes = await inPortions(membersDelta(stored.members ?? [], members), pace)
    const delta = underPolicy(call.engine.unknownMembers, changes)
    const committed = {
      kind: 'committed',
      before: stored,
      resource,
      members: complete ? members : undefined,
      skippedMembers: skipped.size,
      secret,
      attempts,
    } as const
    if (sameContent && delta === undefined && secret === undefined) {
      const { version, lastModified } = stored
      return { ...committed, changed: false, version, lastModified, callAfter: undefined }
    }
    const described = isDescribed ? state.describe(delta) : undefined
    const next: Next = {
      resource,
      version: nextVersion(stored.version, versionNonce(call.engine.ports.randomBytes), digest),
      at: notBefore(stored.lastModified, timeNow(call.engine)),
      unique: uniqueKeys(type, resource, call.engine.uniqueGroupDisplayName),
      members: delta,
      ...(described !== undefined && { changed: described.changed }),
      ...(change.creationKey !== undefined && { creationKey: change.creationKey }),
      ...(described !== undefined && provider.recordsChanges && recorded(described)),
    }
    const describe = () => described ?? state.describe(delta)
    const result = await writeWithHook(call, hooks, describe, next, (write) =>
      provider.replace(ref, stored.version, write, call.context),
    )
    switch (result.kind) {
      case 'success':
        return {
          ...committed,
          changed: true,
          version: result.value.version,
          lastModified: result.value.at,
          callAfter: described && afterHook(call, hooks, described),
        }
      case 'versionMismatch':
        return { kind: 'lost', current: result.current }
      case 'notFound':
      case 'duplicate':
        return result
      case 'unknownMembers':
        for (const id of idsToSkip(call.engine.unknownMembers, result, delta)) skipped.add(id)
        break
      case 'overQuota':
        throw new Error('replace returned overQuota, which is valid for an insert only')
      case 'alreadyCreated':
        throw scimError.unavailable(
          'A concurrent request with the same Idempotency-Key committed first; nothing was changed. Send the request again.',
        )
    }
  }
}
