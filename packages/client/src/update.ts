/** Read, change, write on the version that was read; again if somebody else was faster, within bounds. */
import type { ResourceType } from '@scimkit/core'
import { ScimClientError } from './failure.js'
import { pauseBefore } from './pause.js'
import { unlessAborted } from './unless-aborted.js'
import { type End, type Step, tryOnce } from './update-attempt.js'
import type { Change, Progress, UpdateSource } from './update-job.js'
import type { UpdateOptions, UpdateResult, UpdateTally } from './update-result.js'
import { writeBack } from './write-back.js'

/**
 * Updates; throws only what `change`, `landed`, a strategy or the function that gives tokens throws, and a TypeError for
 * a change that makes nothing, a strategy for an attribute that nobody has, or a type that the server does not describe.
 * While a write is in doubt it throws nothing at all.
 */
export async function update<Resource>(
  source: UpdateSource,
  change: Change<Resource>,
  options: UpdateOptions<Resource>,
): Promise<UpdateResult<Resource>> {
  const { signal, attempts = 20, time = 30_000, method = 'auto' } = options
  const backoff = { first: 20, most: 2_000, ...options.backoff }
  const { now, random, sleep } = source.wire.ports
  const deadline = now() + time
  const typed = { ...source, type: () => typeUnlessAborted(source, signal) }
  const job = { ...typed, change, options, writer: writeBack(typed, method, signal) }
  const conflicts: UpdateTally['conflicts'][number][] = []
  let progress: Progress = {}
  let waited = 0

  for (let tried = 1; ; tried++) {
    const ended = (end: End<Resource>): UpdateResult<Resource> => ({
      ...sure(end, progress),
      attempts: tried,
      conflicts,
      waited,
    })
    const step = await tryOnce(job, progress).catch((error: unknown) => afterThrow<Resource>(error, progress))
    progress = step.progress
    if (step.kind === 'end') return ended(step.end)
    const { failure, asked } = step
    if (failure.kind === 'versionMismatch')
      conflicts.push({ expected: failure.expected ?? '', current: failure.current })
    if (tried >= attempts) return ended({ kind: 'gaveUp', reason: 'attempts', failure })
    const pause = pauseBefore(tried - 1, backoff, random, asked)
    if (now() + pause > deadline) return ended({ kind: 'gaveUp', reason: 'time', failure })
    await sleep(pause, signal)
    waited += pause
    if (signal?.aborted) return ended({ kind: 'gaveUp', reason: 'aborted', failure })
  }
}

// Whoever catches an error takes the update for undone.
function afterThrow<Resource>(error: unknown, progress: Progress): Step<Resource> {
  const { doubt, current } = progress
  if (doubt === undefined) throw error
  const { expected, failure } = doubt
  return { kind: 'end', end: { kind: 'outcomeUnknown', expected, current, failure, cause: error }, progress }
}

// Others may wait for the same answer, so their question goes on.
async function typeUnlessAborted({ type }: UpdateSource, signal: AbortSignal | undefined): Promise<ResourceType> {
  try {
    return await unlessAborted(type(), signal)
  } catch (error) {
    if (signal?.aborted) throw new ScimClientError('update: aborted', { kind: 'aborted' }, error)
    throw error
  }
}

// While a write is in doubt, no end may say that nothing was written.
function sure<Resource>(end: End<Resource>, { doubt, current }: Progress): End<Resource> {
  if (doubt === undefined || end.kind === 'success' || end.kind === 'notFound') return end
  if (end.kind === 'outcomeUnknown') return end
  return { kind: 'outcomeUnknown', expected: doubt.expected, current, failure: doubt.failure }
}
