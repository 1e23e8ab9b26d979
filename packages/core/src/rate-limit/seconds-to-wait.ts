/** One question to a rate limiter, whose failure or silence limits nothing. */
import { isThenable } from '../is-thenable.js'
import type { Ports } from '../ports.js'
import type { MaybePromise } from '../provider/provider.js'
import type { Rate, RateDecision, RateLimiter } from './rate-limiter.js'

/** How long a limiter may take if the host does not say: requests wait for it. */
export const usualLimiterMilliseconds = 1_000

/** What a question to a limiter needs. */
export interface LimiterCall {
  readonly limiter: RateLimiter
  /** How long to wait for it. Default 1,000. */
  readonly milliseconds?: number | undefined
  readonly startTimer: Ports['startTimer']
  /** Receives the failure of a limiter, and that it has not answered in time. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Takes `cost` requests from the allowance of a key: 0, or the seconds after which the next request may be allowed. A
 * limiter that fails or does not answer in time limits nothing: identity providers disable a connection whose requests
 * all fail, and a request must not wait without end. Never throws or rejects; a promise only if the limiter returned one.
 */
export function secondsToWait(
  call: LimiterCall,
  key: readonly string[],
  cost: number,
  rate: Rate,
): MaybePromise<number> {
  if (cost === 0) return 0
  try {
    const decision = call.limiter.take(JSON.stringify(key), cost, rate)
    return isThenable(decision) ? secondsInTime(decision, call) : secondsOf(decision)
  } catch (error) {
    call.onFailure(error)
    return 0
  }
}

async function secondsInTime(decision: PromiseLike<RateDecision>, call: LimiterCall): Promise<number> {
  try {
    return secondsOf(await inTime(decision, call))
  } catch (error) {
    call.onFailure(error)
    return 0
  }
}

function secondsOf(decision: RateDecision): number {
  return decision.kind === 'allowed' ? 0 : Math.max(1, Math.ceil(decision.seconds))
}

// A limiter in memory answers within a few turns of the microtask queue; a timer for each request would cost more.
const turnsWithoutTimer = 8

async function inTime(answer: PromiseLike<RateDecision>, call: LimiterCall): Promise<RateDecision> {
  let isSettled = false
  const settled = (): void => {
    isSettled = true
  }
  answer.then(settled, settled)
  for (let turn = 0; turn < turnsWithoutTimer && !isSettled; turn++) await undefined
  return isSettled ? answer : untilTimer(answer, call)
}

function untilTimer(decision: PromiseLike<RateDecision>, call: LimiterCall): Promise<RateDecision> {
  const { milliseconds = usualLimiterMilliseconds, startTimer } = call
  return new Promise((resolve, reject) => {
    const stop = startTimer(milliseconds, () =>
      reject(new Error(`The rate limiter has not answered within ${milliseconds} ms; the request is not limited.`)),
    )
    decision.then(
      (value) => {
        stop()
        resolve(value)
      },
      (error: unknown) => {
        stop()
        reject(error)
      },
    )
  })
}
