/** Read, change, write on the version that was read; again if somebody else was faster, within bounds. */
import { pauseBefore } from './pause.js'
import { type End, tryOnce } from './update-attempt.js'
import type { Change, Progress, UpdateSource } from './update-job.js'
import type { UpdateOptions, UpdateResult, UpdateTally } from './update-result.js'
import { writeBack } from './write-back.js'

/** Updates; throws only what `change`, `landed` or a strategy throws, and a TypeError for a change that makes nothing. */
export async function update<Resource>(
  source: UpdateSource,
  change: Change<Resource>,
  options: UpdateOptions<Resource>,
): Promise<UpdateResult<Resource>> {
  const { signal, attempts = 20, time = 30_000, method = 'auto' } = options
  const backoff = { first: 20, most: 2_000, ...options.backoff }
  const { now, random, sleep } = source.wire.ports
  const deadline = now() + time
  const job = { ...source, change, options, writer: writeBack(source, method, signal) }
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
    const step = await tryOnce(job, progress)
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

// While a write is in doubt, no end may say that nothing was written.
function sure<Resource>(end: End<Resource>, { doubt, current }: Progress): End<Resource> {
  if (doubt === undefined || end.kind === 'success' || end.kind === 'notFound') return end
  return { kind: 'outcomeUnknown', expected: doubt.expected, current, failure: doubt.failure }
}
