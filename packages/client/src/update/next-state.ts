/** The state that an attempt writes: the result of the change function, or of a merge. */
import type { JsonObject } from '@scimkit/core/json'
import { type MergeResult, merge3 } from '@scimkit/core/merge'
import { asResource } from '../schema/typed-resource.js'
import { toJson } from '../to-json.js'
import { afterFailedDiscovery } from './after-failure.js'
import type { Progress } from './progress.js'
import { type Job, outcomeOf, type Step } from './step.js'

/** The state to write, and the progress with it. */
export interface Next {
  readonly kind: 'next'
  readonly next: JsonObject
  readonly progress: Progress
}

/** Computes the state to write. The change function runs on each read; for a merge, only on the first read. */
export async function nextOf<Resource>(
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
  return { kind: 'done', outcome: { kind: 'conflict', unresolved: merged.conflicts, ...sides }, progress }
}

async function changed<Resource>(job: Job<Resource>, seen: JsonObject): Promise<JsonObject> {
  return toJson(await job.change(asResource(seen)))
}
