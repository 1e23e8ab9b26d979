/** Optimistic update: read, change, compare-and-swap on the version that was read; retry after a conflict, within limits. */
import type { ResourceType } from '@scimkit/core/schema'
import { ScimClientError } from '../failure.js'
import { abortable } from '../wire/abortable.js'
import { tryOnce } from './attempt.js'
import { backoffDelay } from './backoff.js'
import { changeWriter } from './change-writer.js'
import type { Progress } from './progress.js'
import type { Outcome, Step } from './step.js'
import type { UpdateOptions } from './update-options.js'
import type { UpdateResult, UpdateStatistics } from './update-result.js'
import type { Change, UpdateSource } from './update-source.js'

/**
 * Updates a resource. Throws only errors of `change`, `isApplied`, `onRetry`, a strategy or the `token` function, and a
 * TypeError for a change that returns no object, a strategy for an unknown attribute, or a type that the server does not
 * describe. While the outcome of a write is unknown, it throws nothing.
 */
export async function update<Resource>(
  source: UpdateSource,
  change: Change<Resource>,
  options: UpdateOptions<Resource>,
): Promise<UpdateResult<Resource>> {
  const { signal, attempts = 20, time = 30_000, method = 'auto', onRetry } = options
  const backoff = { first: 20, most: 2_000, ...options.backoff }
  const { now, random, sleep } = source.wire.ports
  const deadline = now() + time
  const typed = { ...source, type: () => abortableType(source, signal) }
  const job = { ...typed, change, options, writer: changeWriter(typed, method, signal) }
  const conflicts: UpdateStatistics['conflicts'][number][] = []
  let progress: Progress = {}
  let waited = 0

  for (let tried = 1; ; tried++) {
    const ended = (end: Outcome<Resource>): UpdateResult<Resource> => ({
      ...keepUncertain(end, progress),
      attempts: tried,
      conflicts,
      waited,
    })
    const step = await tryOnce(job, progress).catch((error: unknown) => afterThrow<Resource>(error, progress))
    progress = step.progress
    if (step.kind === 'done') return ended(step.outcome)
    const { failure, asked } = step
    if (failure.kind === 'versionMismatch')
      conflicts.push({ expected: failure.expected ?? '', current: failure.current })
    if (tried >= attempts) return ended({ kind: 'gaveUp', reason: 'attempts', failure })
    const pause = backoffDelay(tried - 1, backoff, random, asked)
    if (now() + pause > deadline) return ended({ kind: 'gaveUp', reason: 'time', failure })
    try {
      onRetry?.({ attempt: tried, wait: pause, failure })
    } catch (error) {
      return ended(afterThrow<Resource>(error, progress).outcome)
    }
    await sleep(pause, signal)
    waited += pause
    if (signal?.aborted) return ended({ kind: 'gaveUp', reason: 'aborted', failure })
  }
}

// A caller that catches an error assumes that nothing was written, so an uncertain write is returned as a result.
function afterThrow<Resource>(error: unknown, progress: Progress): Extract<Step<Resource>, { kind: 'done' }> {
  const { uncertain, current } = progress
  if (uncertain === undefined) throw error
  const { expected, failure } = uncertain
  return { kind: 'done', outcome: { kind: 'outcomeUnknown', expected, current, failure, cause: error }, progress }
}

// Other callers may wait for the same response, so the request itself is not aborted.
async function abortableType({ type }: UpdateSource, signal: AbortSignal | undefined): Promise<ResourceType> {
  try {
    return await abortable(type(), signal)
  } catch (error) {
    if (signal?.aborted) throw new ScimClientError('update: aborted', { kind: 'aborted' }, error)
    throw error
  }
}

// While the outcome of a write is unknown, no result may claim that nothing was written.
function keepUncertain<Resource>(end: Outcome<Resource>, { uncertain, current }: Progress): Outcome<Resource> {
  if (uncertain === undefined || end.kind === 'success' || end.kind === 'notFound') return end
  if (end.kind === 'outcomeUnknown') return end
  return { kind: 'outcomeUnknown', expected: uncertain.expected, current, failure: uncertain.failure }
}
