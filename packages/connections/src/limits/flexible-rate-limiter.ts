/** Rate limits by rate-limiter-flexible: in memory, or in a database that several processes share. */
import { createHash } from 'node:crypto'
import type { Rate, RateDecision, RateLimiter } from '@scimkit/core'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible'

/** What a limiter of rate-limiter-flexible needs to count one rate: `points` requests in `duration` seconds. */
export interface FlexibleWindow {
  readonly keyPrefix: string
  readonly points: number
  readonly duration: number
}

// Rates come from settings of tenants: a server with another rate for each of 1,000 tenants keeps its limiters.
const mostRates = 10_000

/**
 * A rate limiter over any store of rate-limiter-flexible (Redis, Valkey, MySQL …): `make` returns a limiter for one rate.
 * A window of `burst` requests lasts `burst / perSecond` seconds, so that the average is the rate. The limiters that
 * `make` returns are kept.
 * @example
 * ```ts
 * import { flexibleRateLimiter } from '@scimkit/connections/node'
 * import { RateLimiterMemory } from 'rate-limiter-flexible'
 *
 * const limiter = flexibleRateLimiter((window) => new RateLimiterMemory(window))
 * ```
 */
export function flexibleRateLimiter(
  make: (window: FlexibleWindow) => RateLimiterAbstract | Promise<RateLimiterAbstract>,
): RateLimiter {
  const limiters = new Map<string, RateLimiterAbstract | Promise<RateLimiterAbstract>>()
  const limiterFor = ({ perSecond, burst }: Rate): RateLimiterAbstract | Promise<RateLimiterAbstract> => {
    const name = `${perSecond}/${burst}`
    const known = limiters.get(name)
    if (known !== undefined) return known
    const made = make({ keyPrefix: `scim:${name}`, points: burst, duration: wholeMilliseconds(burst / perSecond) })
    for (const oldest of limiters.keys()) {
      if (limiters.size < mostRates) break
      limiters.delete(oldest)
    }
    limiters.set(name, made)
    // A limiter that could not be made is made again for the next request.
    if (made instanceof Promise) made.catch(() => limiters.delete(name))
    return made
  }
  return {
    async take(key, cost, rate) {
      const made = limiterFor(rate)
      const limiter = made instanceof Promise ? await made : made
      try {
        await limiter.consume(shortKey(key), Math.min(cost, rate.burst))
        return { kind: 'allowed' }
      } catch (refusal) {
        return limitedBy(refusal)
      }
    },
  }
}

/** Rate limits in the memory of this process, by rate-limiter-flexible. */
export function processRateLimiter(): RateLimiter {
  return flexibleRateLimiter((window) => new RateLimiterMemory(window))
}

/** The part of `pg.Pool` that is used. */
export interface PostgresPool {
  query(text: string, values?: unknown[]): Promise<unknown>
}

/**
 * Rate limits that all processes with this PostgreSQL database share: one table, `scim_rate_limits`, which is created if
 * it does not exist. Each request costs one statement. Rejects if the table cannot be created.
 */
export function postgresRateLimiter(pool: PostgresPool, table = 'scim_rate_limits'): RateLimiter {
  return flexibleRateLimiter(
    (window) =>
      new Promise((resolve, reject) => {
        // A key that is used up is refused from memory until its window ends: a flood costs no statements.
        const inMemoryBlockOnConsumed = window.points + 1
        const options = { ...window, storeClient: pool, storeType: 'pool', tableName: table, inMemoryBlockOnConsumed }
        const limiter: RateLimiterPostgres = new RateLimiterPostgres(options, (error?: Error) => {
          if (error === undefined || error === null) resolve(limiter)
          else reject(error)
        })
      }),
  )
}

// The column of the library has 255 characters, with the prefix.
function shortKey(key: string): string {
  return key.length <= 128 ? key : createHash('sha256').update(key).digest('base64url')
}

// The library multiplies by 1,000 and stores the result in a column of integers.
function wholeMilliseconds(seconds: number): number {
  let milliseconds = Math.max(1, Math.round(seconds * 1000))
  while (!Number.isInteger((milliseconds / 1000) * 1000)) milliseconds += 1
  return milliseconds / 1000
}

// The library rejects with a plain object for a key that is used up, and with an Error for a store that fails.
function limitedBy(refusal: unknown): RateDecision {
  if (refusal instanceof Error || typeof refusal !== 'object' || refusal === null) throw refusal
  const { msBeforeNext } = refusal as { readonly msBeforeNext?: unknown }
  if (typeof msBeforeNext !== 'number') throw new TypeError('rate-limiter-flexible rejected with an unknown value')
  return { kind: 'limited', seconds: Math.max(0.001, msBeforeNext / 1000) }
}
