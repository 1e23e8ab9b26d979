/**
 * The port of rate limits: an allowance for each key, which refills continuously.
 * @see RFC 6585 §4 (429)
 */
import type { MaybePromise } from '../provider/provider.js'

/** An allowance: `burst` requests at once, and `perSecond` more each second. */
export interface Rate {
  /** Requests per second on average; more than 0. */
  readonly perSecond: number
  /** The most requests that may come at once; 1 or more. */
  readonly burst: number
}

/** The result of a request for a part of an allowance. */
export type RateDecision =
  | { readonly kind: 'allowed' }
  /** `seconds`, more than 0, is when the next request may be allowed. */
  | { readonly kind: 'limited'; readonly seconds: number }

/**
 * Counts requests by key. Several processes that use one store have one allowance for each key. A limiter that fails
 * rejects; the request is then carried out, and the failure is reported to `onError`.
 */
export interface RateLimiter {
  /** Takes `cost` requests, 1 or more, from the allowance of a key. A cost above `rate.burst` counts as `rate.burst`. */
  take(key: string, cost: number, rate: Rate): MaybePromise<RateDecision>
}
