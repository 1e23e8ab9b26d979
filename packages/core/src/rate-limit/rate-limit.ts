/** The rate limits of one server: which allowance a request takes from, and the refusal if it is used up. */
import type { ScimContext } from '../context.js'
import { type ScimError, scimError } from '../errors.js'
import type { MaybePromise } from '../provider/provider.js'
import type { Rate, RateLimiter } from './rate-limiter.js'
import { type LimiterCall, secondsToWait } from './seconds-to-wait.js'

/** The rate limits of a server. A rate that is absent limits nothing. */
export interface RateLimitOptions {
  readonly limiter: RateLimiter
  /** Of each tenant, all its callers together; the settings of a tenant may have another. */
  readonly tenant?: Rate
  /** Of each caller, by `principal`. */
  readonly principal?: Rate
  /**
   * Of failed authentication, all callers together: beyond it a 401 is a 429. Requests with valid credentials are not
   * counted and not limited by it.
   */
  readonly failedAuthentication?: Rate
  /** How long a request waits for the limiter, in milliseconds; then it is not limited. Default 1,000. */
  readonly milliseconds?: number
}

/** How a limiter is asked, beside the options of the host. */
export type Asking = Pick<LimiterCall, 'startTimer' | 'onFailure'>

/** Takes `cost` requests from the allowances of a caller. Throws, or rejects with, 429 if one of them is used up. */
export type Spend = (cost: number) => MaybePromise<void>

/** Throws a TypeError for invalid rate limits. */
export function checkRateLimit(options: RateLimitOptions): void {
  const { limiter, tenant, principal, failedAuthentication, milliseconds = 1 } = options
  if (typeof limiter?.take !== 'function') {
    throw new TypeError('options.rateLimit.limiter: expected a RateLimiter, an object with a function take')
  }
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 1) {
    throw new TypeError('options.rateLimit.milliseconds: expected a whole number above 0')
  }
  for (const [name, rate] of Object.entries({ tenant, principal, failedAuthentication })) {
    if (rate !== undefined) checkRate(rate, `options.rateLimit.${name}`)
  }
}

const longestSeconds = 86_400

/** Throws a TypeError for an invalid rate. `option` is its name in the error. */
export function checkRate(rate: Rate, option: string): void {
  const { perSecond, burst } = rate
  if (typeof perSecond !== 'number' || !Number.isFinite(perSecond) || perSecond <= 0) {
    throw new TypeError(`${option}.perSecond: expected a number of requests above 0`)
  }
  if (!Number.isSafeInteger(burst) || burst < 1) {
    throw new TypeError(`${option}.burst: expected a whole number of requests, 1 or more`)
  }
  if (burst / perSecond > longestSeconds) {
    throw new TypeError(
      `${option}: burst / perSecond is more than a day, the longest time in which an allowance refills`,
    )
  }
}

/** The allowances of the caller of a request; undefined if nothing limits it. */
export function spendFor(
  options: RateLimitOptions | undefined,
  tenantRate: Rate | undefined,
  { tenant, principal }: Pick<ScimContext, 'tenant' | 'principal'>,
  asking: Asking,
): Spend | undefined {
  if (options === undefined) return undefined
  const ofTenant = tenantRate ?? options.tenant
  const ofPrincipal = principal === undefined ? undefined : options.principal
  if (ofTenant === undefined && ofPrincipal === undefined) return undefined
  const call: LimiterCall = { limiter: options.limiter, milliseconds: options.milliseconds, ...asking }
  // What this request has taken: one with a high cost takes each allowance once at most, else it could never be carried out.
  let taken = 0
  return (cost) => {
    const before = taken
    taken += cost
    const take = (rate: Rate | undefined, key: readonly string[], refusal: string): MaybePromise<void> => {
      if (rate === undefined) return
      const seconds = secondsToWait(call, key, costWithin(rate, before, cost), rate)
      if (typeof seconds !== 'number') return seconds.then((waited) => checkWait(waited, refusal))
      checkWait(seconds, refusal)
    }
    const takeOfTenant = (): MaybePromise<void> =>
      take(ofTenant, ['tenant', tenant], 'This tenant sends too many requests')
    // The caller first: one that is refused uses up nothing of its tenant.
    const ofCaller = take(ofPrincipal, ['principal', tenant, principal ?? ''], 'This client sends too many requests')
    return ofCaller === undefined ? takeOfTenant() : ofCaller.then(takeOfTenant)
  }
}

function checkWait(seconds: number, refusal: string): void {
  if (seconds > 0) throw tooFast(refusal, seconds)
}

// The part of a cost that an allowance can still give to one request.
function costWithin({ burst }: Rate, taken: number, cost: number): number {
  return Math.max(0, Math.min(cost, burst - taken))
}

/** Counts a failed authentication. The error to answer instead of 401 if there were too many. */
export async function countFailedAuthentication(
  options: RateLimitOptions | undefined,
  asking: Asking,
): Promise<ScimError | undefined> {
  if (options?.failedAuthentication === undefined) return undefined
  const call = { ...options, ...asking }
  const seconds = await secondsToWait(call, ['failedAuthentication'], 1, options.failedAuthentication)
  return seconds > 0 ? tooFast('There are too many requests without valid credentials', seconds) : undefined
}

function tooFast(reason: string, seconds: number): ScimError {
  return scimError.tooManyRequests(`${reason}; nothing was done. Send the request again after ${seconds} s.`, seconds)
}
