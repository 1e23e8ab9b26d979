/**
 * The only writer of existing resources: read, check, change, compare-and-swap. PUT and PATCH differ in the change
 * alone, so that the proof that no acknowledged write is lost is here once.
 *
 * For a client that sends no `If-Match`, the same compare-and-swap on the version just read is retried until it
 * succeeds.
 * @see RFC 9110 §13.2; RFC 7644 §3.5, §3.14
 */
import type { Call } from '../engine/call.js'
import { type Engine, paceFor, timeNow } from '../engine/engine.js'
import { demandsIfMatch } from '../engine/if-match-policy.js'
import { idsToSkip, underPolicy } from '../engine/unknown-members.js'
import { scimError } from '../errors.js'
import { type JsonObject, jsonEqual } from '../json/value.js'
import type {
  MismatchOutcome,
  NotFoundOutcome,
  PreconditionRequiredOutcome,
  UnwrittenOutcome,
} from '../operation-types/outcome.js'
import { inPortions, type Steps } from '../pacing/portions.js'
import { mismatch } from '../presenting/mismatch.js'
import { documentOf, membersDelta, splitMembers, withMembers } from '../provider/member-rows.js'
import type { Needs, Next, Stored } from '../provider/provider.js'
import { changedNames } from '../resource/changed-attributes.js'
import type { Member, MembersNeed } from '../resource/member.js'
import type { ResourceRef } from '../resource/ref.js'
import { uniqueKeys } from '../resource/unique-keys.js'
import { validateDocument } from '../resource/validate-document.js'
import type { ResourceType } from '../schema/attribute.js'
import { notBefore } from '../schema/date-time.js'
import { evaluatePrecondition, type Precondition } from '../versioning/precondition.js'
import { nextVersion, type RawVersion, versionNonce } from '../versioning/version.js'
import { backOff } from './back-off.js'
import { documentDigest } from './document-digest.js'
import type { PasswordPlace } from './password-place.js'
import { type Secret, takeSecret } from './secret.js'
import { serializeWriters } from './serialize-writers.js'

/** A change that is ready to apply: its body is read and parsed. */
export interface Change {
  /** The members that it needs to read. */
  readonly members: MembersNeed
  /**
   * The resulting document, in steps. Pure, and run once per attempt. `before` contains the members that were needed.
   */
  readonly apply: (before: JsonObject) => Steps<JsonObject>
}

/** A write that is committed, or a no-op. */
export interface Committed {
  readonly kind: 'committed'
  readonly before: Stored
  /** The document as it is now, without members. */
  readonly resource: JsonObject
  readonly version: RawVersion
  readonly lastModified: string
  /** False for a no-op: the stored state was the same already, and nothing was written. */
  readonly changed: boolean
  /** All current members; undefined if the change read only some of them. */
  readonly members: readonly Member[] | undefined
  /** How many members were left out because no resource has their id. */
  readonly skippedMembers: number
  /** The secret to pass to the host now that the write has committed. */
  readonly secret: Secret | undefined
  readonly attempts: number
}

/** How a commit ends. */
export type CommitResult = Committed | UnwrittenOutcome

/** The resource and the precondition of the write. */
export interface Target {
  readonly type: ResourceType
  readonly ref: ResourceRef
  readonly precondition: Precondition
  /** The derived attributes that the response will show, so that they are read along. */
  readonly derived: Needs['derived']
}

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
    const swapped = first && ahead !== undefined ? await swapAhead(call, target, place, change, first) : undefined
    return swapped ?? swapUntilDone(call, target, place, change, ahead === undefined ? first : undefined)
  })
}

type Refused = MismatchOutcome | PreconditionRequiredOutcome | NotFoundOutcome
type Read = { readonly kind: 'read'; readonly stored: Stored } | Refused

/** Reads a resource and checks the precondition: 404 comes before 412 and 428 (RFC 9110 §13.2.1). */
async function readChecked(call: Call, target: Target, members: MembersNeed): Promise<Read> {
  const stored = await call.engine.provider.read(target.ref, { members, derived: target.derived }, call.context)
  if (stored === undefined) return { kind: 'notFound' }
  if (target.precondition.match === undefined && demandsIfMatch(call.engine.requireIfMatch, target.type.name)) {
    return { kind: 'preconditionRequired', current: stored.version }
  }
  if (evaluatePrecondition(target.precondition, stored.version) !== 'holds')
    return mismatch(call, target, stored.version)
  return { kind: 'read', stored }
}

/**
 * The resource as it was read ahead, if the precondition holds for that state. If it does not, a fresh read decides:
 * undefined.
 */
async function readAhead(
  call: Call,
  target: Target,
): Promise<Extract<Read, { kind: 'read' | 'notFound' }> | undefined> {
  if (target.derived !== false || call.engine.takeAhead?.(target.ref) !== true) return undefined
  const stored = await call.engine.provider.read(
    target.ref,
    { members: 'none', derived: false, stale: true },
    call.context,
  )
  if (stored === undefined) return { kind: 'notFound' }
  return isRefused(call.engine, target, stored) ? undefined : { kind: 'read', stored }
}

function isRefused(engine: Engine, { precondition, type }: Target, { version }: Stored): boolean {
  if (precondition.match === undefined && demandsIfMatch(engine.requireIfMatch, type.name)) return true
  return evaluatePrecondition(precondition, version) !== 'holds'
}

/**
 * One compare-and-swap on a state that may be out of date. Undefined where it has written nothing and a fresh read has
 * to decide: the version has moved, nothing would change, or the change cannot be applied to that state.
 */
async function swapAhead(
  call: Call,
  target: Target,
  place: PasswordPlace,
  change: Change,
  stored: Stored,
): Promise<CommitResult | undefined> {
  let isSent = false
  const provider: Engine['provider'] = {
    ...call.engine.provider,
    replace: (...write) => {
      isSent = true
      return call.engine.provider.replace(...write)
    },
  }
  try {
    const result = await swapOnce({ ...call, engine: { ...call.engine, provider } }, target, place, change, stored, 1)
    return result.kind === 'lost' || isUnchanged(result) ? undefined : result
  } catch (error) {
    if (isSent) throw error
    return undefined
  }
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

type Swap = CommitResult | { readonly kind: 'lost'; readonly current: RawVersion }

function isUnchanged(result: Swap): boolean {
  return result.kind === 'committed' && !result.changed
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
  const previous = documentOf(stored)
  const pace = paceFor(call.engine, call.context)
  const before = await inPortions(withMembers(type, previous, stored.members), pace)
  const { document, secret } = takeSecret(await inPortions(change.apply(before), pace))
  const turn = place.take(secret)
  if (turn !== undefined) await turn
  const split = splitMembers(type, validateDocument(type, ref.id, document, before))
  const { resource, members: wanted } = await inPortions(split, pace)
  const sameContent = jsonEqual(previous, resource)
  // A change of rows or of a secret keeps the digest, which is of the document (ADR 3, ADR 9).
  const digest = sameContent ? undefined : await documentDigest(call.engine, resource)
  const complete = type.members === undefined || change.members === 'all'
  const keepsHistory = call.engine.provider.history !== undefined
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
      return { ...committed, changed: false, version: stored.version, lastModified: stored.lastModified }
    }
    const next: Next = {
      resource,
      version: nextVersion(stored.version, versionNonce(call.engine.ports.randomBytes), digest),
      at: notBefore(stored.lastModified, timeNow(call.engine)),
      unique: uniqueKeys(type, resource, call.engine.uniqueGroupDisplayName),
      members: delta,
      ...(keepsHistory && {
        changed: [
          ...(sameContent ? [] : changedNames(previous, resource)),
          ...(delta !== undefined && type.members !== undefined ? [type.members.name] : []),
          ...(secret === undefined ? [] : ['password']),
        ],
      }),
    }
    const result = await call.engine.provider.replace(ref, stored.version, next, call.context)
    switch (result.kind) {
      case 'success':
        return { ...committed, changed: true, version: result.value.version, lastModified: result.value.at }
      case 'versionMismatch':
        return { kind: 'lost', current: result.current }
      case 'notFound':
      case 'duplicate':
        return result
      case 'unknownMembers':
        for (const id of idsToSkip(call.engine.unknownMembers, result, delta)) skipped.add(id)
    }
  }
}

/** A removal that is committed. */
export interface Removed {
  readonly kind: 'removed'
  readonly before: Stored
  /** The version after the removal, if one can be computed: it orders the removal after all writes before it. */
  readonly after: RawVersion
  readonly attempts: number
}

/**
 * Removes one resource under the same rules: read, check, compare-and-swap, and a retry if a concurrent writer
 * committed first and no tag forbids it.
 */
export async function commitRemoval(call: Call, target: Target): Promise<Removed | Refused> {
  const waitForTurn = backOff(call.engine)
  let ahead = await readAhead(call, target)
  for (let attempts = 1; ; attempts++) {
    const read = ahead ?? (await readChecked(call, target, 'none'))
    if (read.kind !== 'read') return read
    const { version } = read.stored
    const nonce = versionNonce(call.engine.ports.randomBytes)
    const result = await call.engine.provider.remove(
      target.ref,
      version,
      { at: timeNow(call.engine), nonce },
      call.context,
    )
    switch (result.kind) {
      case 'success':
        return { kind: 'removed', before: read.stored, after: nextVersion(version, nonce), attempts }
      case 'notFound':
        return { kind: 'notFound' }
      case 'duplicate':
      case 'unknownMembers':
        throw scimError.unavailable('The store returned a result for a removal that is valid for other writes only.')
      case 'versionMismatch':
        if (evaluatePrecondition(target.precondition, result.current) !== 'holds') {
          return mismatch(call, target, result.current)
        }
        if (ahead === undefined) await waitForTurn()
        ahead = undefined
    }
  }
}
