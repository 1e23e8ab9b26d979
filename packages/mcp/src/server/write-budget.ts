/** How much the tools of one caller may write: an allowance beside those of requests, so that a loop of an agent ends. */
import { type Rate, type RateLimiter, type ScimError, scimError } from '@scimkit/core'
import { type LimiterCall, secondsToWait } from '@scimkit/core/adapter'

/** A write budget: an allowance of calls of writing tools, for each caller. */
export interface WriteBudget extends Rate {
  /** The limiter that counts; several processes with one store behind it have one budget. */
  readonly limiter: RateLimiter
}

/** The caller whose budget is used. */
export interface Spender {
  readonly tenant: string
  readonly principal: string | undefined
}

/** Takes one write from the budget of a caller; the error to answer if it is used up. */
export async function takeWrite(
  { limiter, ...rate }: WriteBudget,
  { tenant, principal }: Spender,
  asking: Omit<LimiterCall, 'limiter'>,
): Promise<ScimError | undefined> {
  const seconds = await secondsToWait({ limiter, ...asking }, ['agentWrites', tenant, principal ?? ''], 1, rate)
  if (seconds === 0) return undefined
  return scimError.tooManyRequests(
    `The write budget of this token is used up; nothing was done. Call the tool again after ${seconds} s.`,
    seconds,
  )
}

/** Throws a TypeError for an invalid budget. */
export function checkWriteBudget({ limiter, perSecond, burst }: WriteBudget): void {
  if (typeof limiter?.take !== 'function') {
    throw new TypeError('options.writeBudget.limiter: expected a RateLimiter, an object with a function take')
  }
  if (typeof perSecond !== 'number' || !Number.isFinite(perSecond) || perSecond <= 0) {
    throw new TypeError('options.writeBudget.perSecond: expected a number of writes above 0')
  }
  if (!Number.isSafeInteger(burst) || burst < 1) {
    throw new TypeError('options.writeBudget.burst: expected a whole number of writes, 1 or more')
  }
}
