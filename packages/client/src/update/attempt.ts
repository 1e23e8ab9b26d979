/**
 * One attempt of an update. The difficult case is a lost response to a write:
 *
 * - The version is still the expected one: the write is not applied yet. It is sent again with the same precondition; if
 *   the first one arrives late, only one of the two can succeed, and both are this change.
 * - The version has changed: either this write was applied, or that of a concurrent writer. Neither the version nor the
 *   content decides, because the concurrent writer may have written the same: 5 → 6 by each of two counters. So
 *   `isApplied` decides, or `idempotent` allows a repeat, or the update ends with `outcomeUnknown`.
 */
import { type JsonObject, jsonEqual } from '@scimkit/core/json'
import { changedNames } from '@scimkit/core/provider'
import type { CallOptions } from '../client-options.js'
import { type ReadResult, readOne, writeOne } from '../resource/one-resource.js'
import { asResource } from '../schema/typed-resource.js'
import { versionIn } from '../wire/entity-tag.js'
import { afterFailedDiscovery, afterFailedRead, afterFailedWrite } from './after-failure.js'
import { frozenCopy } from './frozen-copy.js'
import { nextOf } from './next-state.js'
import type { Progress } from './progress.js'
import { type Job, outcomeOf, type Step, success } from './step.js'

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
  if (resource !== undefined) return { kind: 'done', outcome: success({ resource, tag }, true, 'response'), progress }
  // The write was applied; the response had no body, and this client has not read the concurrent changes.
  const read = await outcomeOf(() => readOne(job.wire, job.path, callOf(job)))
  if ('value' in read) return { kind: 'done', outcome: success(read.value, true, 'response'), progress }
  // The new tag must not be cached: a write based on this client's copy would undo the concurrent changes. The old tag fails.
  job.wire.cache.setTag(job.path, versionIn(origin.base))
  return { kind: 'done', outcome: success({ resource: origin.mine, tag: undefined }, true, 'response'), progress }
}

function callOf<Resource>({ options: { signal } }: Job<Resource>): CallOptions {
  return signal === undefined ? {} : { signal }
}

async function readAndWrite<Resource>(job: Job<Resource>, before: Progress): Promise<Step<Resource>> {
  const read = await outcomeOf(() => readOne(job.wire, job.path, callOf(job)))
  if ('failure' in read) return afterFailedRead(read.failure, before)
  const seen = { tag: read.value.tag, resource: frozenCopy(read.value.resource) }
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

async function write<Resource>(job: Job<Resource>, seen: ReadResult, before: Progress): Promise<Step<Resource>> {
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
      outcome: success(seen, false, progress.uncertain === undefined ? 'response' : 'read'),
      progress,
    }
  }
  const sent = await outcomeOf(() => job.writer.send(request, next, seen.tag))
  if ('failure' in sent) return afterFailedWrite(sent.failure, seen, next, progress)
  const { resource, tag } = sent.value
  const written = { resource: resource ?? withVersion(next, tag), tag }
  return { kind: 'done', outcome: success(written, true, 'response'), progress }
}

// For a response without a body: the state that was sent, with the new version.
function withVersion(next: JsonObject, tag: string | undefined): JsonObject {
  if (tag === undefined) return next
  const { meta } = next
  return { ...next, meta: { ...(typeof meta === 'object' && meta !== null ? meta : {}), version: tag } }
}
