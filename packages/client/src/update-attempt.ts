/**
 * One try of an update. The care is in what happens after the answer to a write was lost:
 *
 * - The version is still the one that was expected: the write is not in yet. It is sent again on the same version; if
 *   the first one arrives late, only one of the two can win, and both are this change.
 * - The version has moved: either the write is in, or a rival's is. Neither the version nor the content can tell, as the
 *   rival may have written the same: 5 → 6 by each of two counters. So `landed` is asked, or `idempotent` says that it
 *   does not matter, or the update ends with `outcomeUnknown`.
 */
import { changedNames, type JsonObject, jsonEqual, type MergeResult, merge3 } from '@scimkit/core'
import type { CallOptions } from './client-options.js'
import { type Failure, failureOf, type MismatchFailure } from './failure.js'
import { readOne, type Seen, writeOne } from './one-resource.js'
import { versionIn } from './place.js'
import { frozen, plain } from './plain.js'
import type { Change, Progress, Rivals, UpdateSource } from './update-job.js'
import { asResource, type UpdateOptions, type UpdateResult, type UpdateTally } from './update-result.js'
import type { WriteBack } from './write-back.js'

/** How an update ends, without the tally. */
export type End<Resource> = WithoutTally<UpdateResult<Resource>>

type WithoutTally<Result> = Result extends unknown ? Omit<Result, keyof UpdateTally> : never

/** What a try has come to: an end, or a reason to try again, with the pause that the server asked for. */
export type Step<Resource> = { readonly progress: Progress } & (
  | { readonly kind: 'end'; readonly end: End<Resource> }
  | { readonly kind: 'again'; readonly failure: Failure; readonly asked: number | undefined }
)

/** An update, as each of its tries needs it. */
export interface Job<Resource> extends UpdateSource {
  readonly change: Change<Resource>
  readonly options: UpdateOptions<Resource>
  readonly writer: WriteBack
}

/** Reads, decides what has become of a write in doubt, and writes; without the read where a 412 has told enough. */
export async function tryOnce<Resource>(job: Job<Resource>, before: Progress): Promise<Step<Resource>> {
  return (await writeUnread(job, before)) ?? readAndWrite(job, before)
}

/**
 * A merge needs no read if rivals have changed nothing that this change touches: the same PATCH, on the version they left.
 * Undefined if that is not known.
 */
async function writeUnread<Resource>(job: Job<Resource>, before: Progress): Promise<Step<Resource> | undefined> {
  const { onConflict } = job.options
  const { origin, rivals, doubt } = before
  if (onConflict === undefined || origin === undefined || rivals === undefined || doubt !== undefined) return undefined
  const theirs = new Set(rivals.changed.map((name) => name.toLowerCase()))
  if (changedNames(origin.base, origin.mine).some((name) => theirs.has(name.toLowerCase()))) return undefined
  const made = await outcomeOf(() => job.writer.way(origin.base, origin.mine))
  if ('failure' in made) return afterFailedQuestion(made.failure, before)
  const way = made.value
  // A PUT would undo what they did.
  if (way?.method !== 'PATCH') return undefined
  const write = { ...way, ifMatch: rivals.tag, options: callOf(job) }
  const sent = await outcomeOf(() => writeOne(job.wire, job.place, write))
  const progress = { ...before, current: rivals.tag }
  if ('failure' in sent) {
    return afterFailedWrite(sent.failure, { tag: rivals.tag, resource: origin.base }, origin.mine, progress)
  }
  const { resource, tag } = sent.value
  if (resource !== undefined) return { kind: 'end', end: success({ resource, tag }, true, 'answer'), progress }
  // It is in; the answer had no body, and what rivals have put beside it nobody here has seen.
  const read = await outcomeOf(() => readOne(job.wire, job.place, callOf(job)))
  if ('value' in read) return { kind: 'end', end: success(read.value, true, 'answer'), progress }
  // So nothing may be held to that tag: a write on what is in hand would undo theirs. The version in hand is refused.
  job.wire.known.see(job.place, versionIn(origin.base))
  return { kind: 'end', end: success({ resource: origin.mine, tag: undefined }, true, 'answer'), progress }
}

function callOf<Resource>({ options: { signal } }: Job<Resource>): CallOptions {
  return signal === undefined ? {} : { signal }
}

async function readAndWrite<Resource>(job: Job<Resource>, before: Progress): Promise<Step<Resource>> {
  const read = await outcomeOf(() => readOne(job.wire, job.place, callOf(job)))
  if ('failure' in read) return afterFailedRead(read.failure, before)
  const seen = { tag: read.value.tag, resource: frozen(read.value.resource) }
  const progress = { ...before, current: seen.tag }
  if (seen.tag === undefined && job.options.unsafe !== true)
    return { kind: 'end', end: { kind: 'noVersion' }, progress }
  const { doubt } = progress
  if (doubt !== undefined && (seen.tag === undefined || seen.tag !== doubt.expected)) {
    const verdict = job.options.landed?.(asResource(seen.resource), asResource(doubt.written))
    if (verdict === true) return { kind: 'end', end: success(seen, true, 'read'), progress }
    if (verdict === undefined && job.options.idempotent !== true) {
      const { expected, failure } = doubt
      return { kind: 'end', end: { kind: 'outcomeUnknown', expected, current: seen.tag, failure }, progress }
    }
    // What is no write of ours, or may be one twice, is like any rival's.
    return write(job, seen, { ...progress, doubt: verdict === false ? undefined : doubt })
  }
  return write(job, seen, progress)
}

async function write<Resource>(job: Job<Resource>, seen: Seen, before: Progress): Promise<Step<Resource>> {
  const made = await nextOf(job, seen.resource, before)
  if (made.kind !== 'next') return made
  const { next, progress } = made
  const found = await outcomeOf(async () =>
    jsonEqual(seen.resource, next) ? undefined : job.writer.way(seen.resource, next),
  )
  if ('failure' in found) return afterFailedQuestion(found.failure, progress)
  const way = found.value
  if (way === undefined) {
    return { kind: 'end', end: success(seen, false, progress.doubt === undefined ? 'answer' : 'read'), progress }
  }
  const sent = await outcomeOf(() => job.writer.send(way, next, seen.tag))
  if ('failure' in sent) return afterFailedWrite(sent.failure, seen, next, progress)
  const { resource, tag } = sent.value
  const written = { resource: resource ?? withVersion(next, tag), tag }
  return { kind: 'end', end: success(written, true, 'answer'), progress }
}

interface Next {
  readonly kind: 'next'
  readonly next: JsonObject
  readonly progress: Progress
}

// The change is made anew each time, or, to be merged, once: on what was read first.
async function nextOf<Resource>(
  job: Job<Resource>,
  seen: JsonObject,
  progress: Progress,
): Promise<Next | Step<Resource>> {
  const { onConflict } = job.options
  if (onConflict === undefined) {
    const next = await changed(job, seen)
    return { kind: 'next', next, progress: { ...progress, origin: { base: seen, mine: next } } }
  }
  const asked = await outcomeOf(job.type)
  if ('failure' in asked) return afterFailedQuestion(asked.failure, progress)
  const options = { type: asked.value, ...onConflict }
  if (progress.origin === undefined) {
    const next = await changed(job, seen)
    // A strategy for an attribute that nobody has is a mistake, and should not wait for a conflict to be told.
    merge3(seen, next, seen, options)
    return { kind: 'next', next, progress: { ...progress, origin: { base: seen, mine: next } } }
  }
  const { base, mine } = progress.origin
  const merged: MergeResult = merge3(base, mine, seen, options)
  if (merged.kind === 'merged') return { kind: 'next', next: merged.resource, progress }
  const sides = {
    base: asResource<Resource>(base),
    mine: asResource<Resource>(mine),
    theirs: asResource<Resource>(seen),
  }
  return { kind: 'end', end: { kind: 'conflict', open: merged.conflicts, ...sides }, progress }
}

async function changed<Resource>(job: Job<Resource>, seen: JsonObject): Promise<JsonObject> {
  return plain(await job.change(asResource(seen)))
}

// What was asked is about the server, not about this resource, which no answer says is gone.
function afterFailedQuestion<Resource>(failure: Failure, progress: Progress): Step<Resource> {
  if (failure.kind === 'notFound') return { kind: 'end', end: { kind: 'refused', failure }, progress }
  return afterFailedRead(failure, progress)
}

function afterFailedRead<Resource>(failure: Failure, progress: Progress): Step<Resource> {
  switch (failure.kind) {
    case 'notFound':
      return { kind: 'end', end: { kind: 'notFound' }, progress }
    case 'aborted':
      return { kind: 'end', end: { kind: 'gaveUp', reason: 'aborted', failure }, progress }
    default:
      return again(failure, progress)
  }
}

function afterFailedWrite<Resource>(
  failure: Failure,
  seen: Seen,
  written: JsonObject,
  progress: Progress,
): Step<Resource> {
  switch (failure.kind) {
    case 'unknownOutcome':
      return again(failure, { ...progress, doubt: { expected: seen.tag, written, failure } })
    case 'notFound':
      return { kind: 'end', end: { kind: 'notFound' }, progress }
    case 'aborted':
      return { kind: 'end', end: { kind: 'gaveUp', reason: 'aborted', failure }, progress }
    case 'versionMismatch':
      return again(failure, { ...progress, rivals: rivalsSince(failure, progress, seen) })
    default:
      return again(failure, progress)
  }
}

// All that has changed since the merge's base. A read in between has seen what it has seen: its 412 does not reach back.
function rivalsSince(
  { current, changed }: MismatchFailure,
  { origin, rivals }: Progress,
  seen: Seen,
): Rivals | undefined {
  if (current === undefined || changed === undefined) return undefined
  if (seen.resource === origin?.base) return { tag: current, changed: [...(rivals?.changed ?? []), ...changed] }
  return undefined
}

// Below 500 these are the ones that the server has not begun with; above, a read may be answered the next time.
const passing = [408, 425, 429, 500, 502, 503, 504]

// A server that limits requests and does not say for how long: to ask again at once is what it has just refused.
const leastAfterLimit = 1_000

function leastAfter(failure: Failure): number | undefined {
  return failure.kind === 'refused' && failure.status === 429 ? leastAfterLimit : undefined
}

function again<Resource>(failure: Failure, progress: Progress): Step<Resource> {
  const told = failure.kind === 'unknownOutcome' ? failure.told : failure
  const asked = told !== undefined && 'retryAfter' in told ? (told.retryAfter ?? leastAfter(failure)) : undefined
  const isFinal = failure.kind === 'badAnswer' || (failure.kind === 'refused' && !passing.includes(failure.status))
  if (isFinal) return { kind: 'end', end: { kind: 'refused', failure }, progress }
  return { kind: 'again', failure, asked, progress }
}

function success<Resource>(seen: Seen, written: boolean, confirmedBy: 'answer' | 'read'): End<Resource> {
  return { kind: 'success', resource: asResource(seen.resource), tag: seen.tag, written, confirmedBy }
}

// For an answer without body: what was sent, at the version that it led to.
function withVersion(next: JsonObject, tag: string | undefined): JsonObject {
  if (tag === undefined) return next
  const { meta } = next
  return { ...next, meta: { ...(typeof meta === 'object' && meta !== null ? meta : {}), version: tag } }
}

async function outcomeOf<Value>(
  run: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly failure: Failure }> {
  try {
    return { value: await run() }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    return { failure }
  }
}
