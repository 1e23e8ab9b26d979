/**
 * One attempt of an update. The difficult case is a lost response to a write:
 *
 * - The version is still the expected one: the write is not applied yet. It is sent again with the same precondition; if
 *   the first one arrives late, only one of the two can succeed, and both are this change.
 * - The version has changed: either this write was applied, or that of a concurrent writer. Neither the version nor the
 *   content decides, because the concurrent writer may have written the same: 5 → 6 by each of two counters. So
 *   `isApplied` decides, or `idempotent` allows a repeat, or the update ends with `outcomeUnknown`.
 */
import { changedNames, type JsonObject, jsonEqual, type MergeResult, merge3 } from '@scimkit/core'
import type { ChangeWriter } from './change-writer.js'
import type { CallOptions } from './client-options.js'
import { type Failure, failureOf, type MismatchFailure } from './failure.js'
import { readOne, type Seen, writeOne } from './one-resource.js'
import { versionIn } from './resource-path.js'
import { frozen, toJson } from './to-json.js'
import type { Change, ConcurrentChange, Progress, UpdateSource } from './update-job.js'
import { asResource, type UpdateOptions, type UpdateResult, type UpdateStatistics } from './update-result.js'

/** The result of an update, without the statistics. */
export type Outcome<Resource> = WithoutStatistics<UpdateResult<Resource>>

type WithoutStatistics<Result> = Result extends unknown ? Omit<Result, keyof UpdateStatistics> : never

/** The result of an attempt: an outcome, or a reason to retry, with the delay that the server requested. */
export type Step<Resource> = { readonly progress: Progress } & (
  | { readonly kind: 'done'; readonly outcome: Outcome<Resource> }
  | { readonly kind: 'retry'; readonly failure: Failure; readonly asked: number | undefined }
)

/** The input that each attempt of an update needs. */
export interface Job<Resource> extends UpdateSource {
  readonly change: Change<Resource>
  readonly options: UpdateOptions<Resource>
  readonly writer: ChangeWriter
}

/** Reads, decides about an uncertain write, and writes; skips the read if a 412 reported enough. */
export async function tryOnce<Resource>(job: Job<Resource>, before: Progress): Promise<Step<Resource>> {
  return (await writeUnread(job, before)) ?? readAndWrite(job, before)
}

/**
 * A merge needs no read if concurrent writers changed no attribute of this change: the same PATCH is sent with the current
 * version. Undefined if the changed attributes are unknown.
 */
async function writeUnread<Resource>(job: Job<Resource>, before: Progress): Promise<Step<Resource> | undefined> {
  const { onConflict } = job.options
  const { origin, concurrent, uncertain } = before
  if (onConflict === undefined || origin === undefined || concurrent === undefined || uncertain !== undefined)
    return undefined
  const theirs = new Set(concurrent.changed.map((name) => name.toLowerCase()))
  if (changedNames(origin.base, origin.mine).some((name) => theirs.has(name.toLowerCase()))) return undefined
  const made = await outcomeOf(() => job.writer.request(origin.base, origin.mine))
  if ('failure' in made) return afterFailedDiscovery(made.failure, before)
  const request = made.value
  // A PUT would undo the concurrent changes.
  if (request?.method !== 'PATCH') return undefined
  const write = { ...request, ifMatch: concurrent.tag, options: callOf(job) }
  const sent = await outcomeOf(() => writeOne(job.wire, job.path, write))
  const progress = { ...before, current: concurrent.tag }
  if ('failure' in sent) {
    return afterFailedWrite(sent.failure, { tag: concurrent.tag, resource: origin.base }, origin.mine, progress)
  }
  const { resource, tag } = sent.value
  if (resource !== undefined) return { kind: 'done', outcome: success({ resource, tag }, true, 'answer'), progress }
  // The write was applied; the response had no body, and this client has not read the concurrent changes.
  const read = await outcomeOf(() => readOne(job.wire, job.path, callOf(job)))
  if ('value' in read) return { kind: 'done', outcome: success(read.value, true, 'answer'), progress }
  // The new tag must not be cached: a write based on this client's copy would undo the concurrent changes. The old tag fails.
  job.wire.known.see(job.path, versionIn(origin.base))
  return { kind: 'done', outcome: success({ resource: origin.mine, tag: undefined }, true, 'answer'), progress }
}

function callOf<Resource>({ options: { signal } }: Job<Resource>): CallOptions {
  return signal === undefined ? {} : { signal }
}

async function readAndWrite<Resource>(job: Job<Resource>, before: Progress): Promise<Step<Resource>> {
  const read = await outcomeOf(() => readOne(job.wire, job.path, callOf(job)))
  if ('failure' in read) return afterFailedRead(read.failure, before)
  const seen = { tag: read.value.tag, resource: frozen(read.value.resource) }
  const progress = { ...before, current: seen.tag }
  if (seen.tag === undefined && job.options.unsafe !== true)
    return { kind: 'done', outcome: { kind: 'noVersion' }, progress }
  const { uncertain } = progress
  if (uncertain !== undefined && (seen.tag === undefined || seen.tag !== uncertain.expected)) {
    const verdict = job.options.isApplied?.(asResource(seen.resource), asResource(uncertain.written))
    if (verdict === true) return { kind: 'done', outcome: success(seen, true, 'read'), progress }
    if (verdict === undefined && job.options.idempotent !== true) {
      const { expected, failure } = uncertain
      return { kind: 'done', outcome: { kind: 'outcomeUnknown', expected, current: seen.tag, failure }, progress }
    }
    // If the write was not applied, or may be applied twice, the new version is treated as that of a concurrent writer.
    return write(job, seen, { ...progress, uncertain: verdict === false ? undefined : uncertain })
  }
  return write(job, seen, progress)
}

async function write<Resource>(job: Job<Resource>, seen: Seen, before: Progress): Promise<Step<Resource>> {
  const made = await nextOf(job, seen.resource, before)
  if (made.kind !== 'next') return made
  const { next, progress } = made
  const found = await outcomeOf(async () =>
    jsonEqual(seen.resource, next) ? undefined : job.writer.request(seen.resource, next),
  )
  if ('failure' in found) return afterFailedDiscovery(found.failure, progress)
  const request = found.value
  if (request === undefined) {
    return {
      kind: 'done',
      outcome: success(seen, false, progress.uncertain === undefined ? 'answer' : 'read'),
      progress,
    }
  }
  const sent = await outcomeOf(() => job.writer.send(request, next, seen.tag))
  if ('failure' in sent) return afterFailedWrite(sent.failure, seen, next, progress)
  const { resource, tag } = sent.value
  const written = { resource: resource ?? withVersion(next, tag), tag }
  return { kind: 'done', outcome: success(written, true, 'answer'), progress }
}

interface Next {
  readonly kind: 'next'
  readonly next: JsonObject
  readonly progress: Progress
}

// The change function runs on each read; for a merge, only on the first read.
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
  if ('failure' in asked) return afterFailedDiscovery(asked.failure, progress)
  const options = { type: asked.value, ...onConflict }
  if (progress.origin === undefined) {
    const next = await changed(job, seen)
    // Reports a strategy for an unknown attribute immediately, instead of at the first conflict.
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
  return { kind: 'done', outcome: { kind: 'conflict', open: merged.conflicts, ...sides }, progress }
}

async function changed<Resource>(job: Job<Resource>, seen: JsonObject): Promise<JsonObject> {
  return toJson(await job.change(asResource(seen)))
}

// Discovery failed. A 404 here is about a discovery endpoint, not about the resource.
function afterFailedDiscovery<Resource>(failure: Failure, progress: Progress): Step<Resource> {
  if (failure.kind === 'notFound') return { kind: 'done', outcome: { kind: 'refused', failure }, progress }
  return afterFailedRead(failure, progress)
}

function afterFailedRead<Resource>(failure: Failure, progress: Progress): Step<Resource> {
  switch (failure.kind) {
    case 'notFound':
      return { kind: 'done', outcome: { kind: 'notFound' }, progress }
    case 'aborted':
      return { kind: 'done', outcome: { kind: 'gaveUp', reason: 'aborted', failure }, progress }
    default:
      return retry(failure, progress)
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
      return retry(failure, { ...progress, uncertain: { expected: seen.tag, written, failure } })
    case 'notFound':
      return { kind: 'done', outcome: { kind: 'notFound' }, progress }
    case 'aborted':
      return { kind: 'done', outcome: { kind: 'gaveUp', reason: 'aborted', failure }, progress }
    case 'versionMismatch':
      return retry(failure, { ...progress, concurrent: concurrentSince(failure, progress, seen) })
    default:
      return retry(failure, progress)
  }
}

// All attributes changed since the base of the merge. After a read in between, a 412 only covers the changes since that read.
function concurrentSince(
  { current, changed }: MismatchFailure,
  { origin, concurrent }: Progress,
  seen: Seen,
): ConcurrentChange | undefined {
  if (current === undefined || changed === undefined) return undefined
  if (seen.resource === origin?.base) return { tag: current, changed: [...(concurrent?.changed ?? []), ...changed] }
  return undefined
}

// Retryable statuses: below 500 the server did not process the request; above, a later read may succeed.
const transient = [408, 425, 429, 500, 502, 503, 504]

// The delay after a 429 without Retry-After: an immediate retry would exceed the limit again.
const leastAfterLimit = 1_000

function leastAfter(failure: Failure): number | undefined {
  return failure.kind === 'refused' && failure.status === 429 ? leastAfterLimit : undefined
}

function retry<Resource>(failure: Failure, progress: Progress): Step<Resource> {
  const details = failure.kind === 'unknownOutcome' ? failure.response : failure
  const asked =
    details !== undefined && 'retryAfter' in details ? (details.retryAfter ?? leastAfter(failure)) : undefined
  const isFinal = failure.kind === 'badAnswer' || (failure.kind === 'refused' && !transient.includes(failure.status))
  if (isFinal) return { kind: 'done', outcome: { kind: 'refused', failure }, progress }
  return { kind: 'retry', failure, asked, progress }
}

function success<Resource>(seen: Seen, written: boolean, confirmedBy: 'answer' | 'read'): Outcome<Resource> {
  return { kind: 'success', resource: asResource(seen.resource), tag: seen.tag, written, confirmedBy }
}

// For a response without a body: the state that was sent, with the new version.
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
