/** A rate limiter in the memory of one process or isolate, on any runtime: one token bucket for each key. */
import type { Rate, RateDecision, RateLimiter } from '@scimkit/core'

/** The options of {@link memoryRateLimiter}. */
export interface MemoryRateLimiterOptions {
  /** The most keys in memory; the key that was used least recently is forgotten, which refills it. Default 100,000. */
  readonly keys?: number
  /** Milliseconds since 1970. Default the clock of the platform. */
  readonly now?: () => number
}

interface Bucket {
  /** Requests left at `at`. */
  left: number
  at: number
}

/**
 * A rate limiter for one process, and for Workers, where it counts in one isolate. Nothing waits: each call is a few
 * arithmetic operations.
 * @example
 * ```ts
 * import { createScim, noAuthentication } from '@scimkit/core'
 * import { memoryRateLimiter } from '@scimkit/connections'
 * import { memoryProvider } from '@scimkit/memory-provider'
 *
 * const rateLimit = { limiter: memoryRateLimiter(), tenant: { perSecond: 50, burst: 200 } }
 * const scim = createScim({ provider: memoryProvider(), authenticate: noAuthentication(), rateLimit })
 * ```
 */
export function memoryRateLimiter({ keys = 100_000, now = Date.now }: MemoryRateLimiterOptions = {}): RateLimiter {
  if (!Number.isSafeInteger(keys) || keys < 1)
    throw new TypeError('memoryRateLimiter: keys must be a whole number above 0')
  // In the order of their last use.
  const buckets = new Map<string, Bucket>()
  return {
    take(key, cost, rate) {
      const time = now()
      const bucket = refilled(buckets.get(key), rate, time)
      buckets.delete(key)
      buckets.set(key, bucket)
      for (const oldest of buckets.keys()) {
        if (buckets.size <= keys) break
        buckets.delete(oldest)
      }
      return takeFrom(bucket, Math.min(cost, rate.burst), rate)
    },
  }
}

function refilled(bucket: Bucket | undefined, { perSecond, burst }: Rate, time: number): Bucket {
  if (bucket === undefined) return { left: burst, at: time }
  // A clock that was set back refills nothing.
  const seconds = Math.max(0, time - bucket.at) / 1000
  return { left: Math.min(burst, bucket.left + seconds * perSecond), at: time }
}

function takeFrom(bucket: Bucket, cost: number, { perSecond }: Rate): RateDecision {
  if (bucket.left < cost) return { kind: 'limited', seconds: (cost - bucket.left) / perSecond }
  bucket.left -= cost
  return { kind: 'allowed' }
}
