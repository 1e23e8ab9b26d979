/** Decides after a failed request whether the update ends or is retried, and whether the write is uncertain. */
import type { JsonObject } from '@scimkit/core/json'
import type { Failure, VersionMismatchFailure } from '../failure.js'
import type { ReadResult } from '../resource/one-resource.js'
import type { ConcurrentChange, Progress } from './progress.js'
import type { Step } from './step.js'

/** Discovery failed. A 404 here is about a discovery endpoint, not about the resource. */
export function afterFailedDiscovery<Resource>(failure: Failure, progress: Progress): Step<Resource> {
  if (failure.kind === 'notFound') return { kind: 'done', outcome: { kind: 'refused', failure }, progress }
  return afterFailedRead(failure, progress)
}

/** The read failed. */
export function afterFailedRead<Resource>(failure: Failure, progress: Progress): Step<Resource> {
  switch (failure.kind) {
    case 'notFound':
      return { kind: 'done', outcome: { kind: 'notFound' }, progress }
    case 'aborted':
      return { kind: 'done', outcome: { kind: 'gaveUp', reason: 'aborted', failure }, progress }
    default:
      return retry(failure, progress)
  }
}

/** The write of `written` failed. */
export function afterFailedWrite<Resource>(
  failure: Failure,
  seen: ReadResult,
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
  { current, changed }: VersionMismatchFailure,
  { origin, concurrent }: Progress,
  seen: ReadResult,
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
  const isFinal =
    failure.kind === 'invalidResponse' || (failure.kind === 'refused' && !transient.includes(failure.status))
  if (isFinal) return { kind: 'done', outcome: { kind: 'refused', failure }, progress }
  return { kind: 'retry', failure, asked, progress }
}
