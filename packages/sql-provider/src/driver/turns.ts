import type { MaybePromise } from '@scimkit/core/provider'
import { StoreFailure } from './store-failure.js'

/** Limits how many pieces of work of one kind run at the same time. The others wait in the order of arrival. */
export interface Turns {
  /**
   * Runs `work` when its turn comes. Throws a {@link StoreFailure} with the outcome `nothingWritten`, without running it, if too
   * many callers wait already, or if `signal` is aborted first.
   */
  take<Result>(work: () => MaybePromise<Result>, signal?: AbortSignal): Promise<Result>
}

/** The options of {@link turns}. */
export interface TurnsOptions {
  /** How many run at the same time. */
  readonly atOnce: number
  /** How many may wait; the next one is rejected. */
  readonly waiting: number
  /** Runs after one piece of work, before the next waiting one starts. */
  readonly pause?: () => Promise<void>
}

/** A limiter without running or waiting work. */
export function turns({ atOnce, waiting, pause }: TurnsOptions): Turns {
  const queue = new Set<() => void>()
  let running = 0

  function wait(signal: AbortSignal | undefined): Promise<void> {
    if (queue.size >= waiting) {
      throw new StoreFailure(`more than ${waiting} list statements are waiting for the database`, 'nothingWritten')
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.delete(start)
        reject(clientGone())
      }
      const start = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      queue.add(start)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  function release(): void {
    const [next] = queue
    if (next === undefined) {
      running -= 1
      return
    }
    queue.delete(next)
    next()
  }

  return {
    async take(work, signal) {
      if (signal?.aborted === true) throw clientGone()
      if (running < atOnce) running += 1
      else await wait(signal)
      try {
        return await work()
      } finally {
        if (pause === undefined) release()
        else void pause().then(release)
      }
    },
  }
}

function clientGone(): StoreFailure {
  return new StoreFailure('the client has disconnected', 'nothingWritten')
}
