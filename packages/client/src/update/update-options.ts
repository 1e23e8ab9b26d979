/** The options of an update. */
import type { CallOptions } from '../client-options.js'
import type { Failure } from '../failure.js'
import type { MergeWith } from './merge-with.js'

/** A failed attempt of an update that is followed by another one. */
export interface UpdateRetry {
  /** The number of the failed attempt; the first one is 1. */
  readonly attempt: number
  /** Milliseconds of the pause that begins now, before the next attempt. */
  readonly wait: number
  /** Why the attempt failed: `versionMismatch` after a conflict with a concurrent writer. */
  readonly failure: Failure
}

/** Options of an update; all are optional. */
export interface UpdateOptions<Resource> extends CallOptions {
  /**
   * Maximum number of attempts, each a read and a write; 20 by default. Kubernetes' client-go tries 5 times 10 ms apart
   * (`retry.DefaultRetry`), or 4 times with pauses of 10, 50 and 250 ms (`retry.DefaultBackoff`), both with 10 % of
   * jitter, so writers that collided once collide again. Here a pause is random between 0 and its limit (full jitter),
   * which separates them.
   */
  readonly attempts?: number
  /** Milliseconds after which no new attempt begins, pauses included; 30,000 by default. */
  readonly time?: number
  /** Pauses are random in 0 … `first` · 2ⁿ milliseconds, n = 0, 1, 2 …, up to `most`. Default 20 and 2,000. */
  readonly backoff?: { readonly first?: number; readonly most?: number }
  /**
   * Called before each pause, to log or count retries. It decides nothing and is not awaited. An error that it throws ends
   * the update as an error of the change does.
   * @example
   * ```ts
   * import { createClient } from '@scimkit/client'
   *
   * const scim = createClient('https://app.example/scim/v2', { token: 'secret' })
   * await scim.users.update('42', (user) => ({ ...user, title: 'Countess' }), {
   *   onRetry: ({ attempt, wait, failure }) =>
   *     console.warn(`attempt ${attempt}: ${failure.kind}, again in ${wait.toFixed()} ms`),
   * })
   * ```
   */
  readonly onRetry?: (retry: UpdateRetry) => void
  /**
   * `patch` sends the changed attributes, `put` the whole resource. `auto`, the default, uses PATCH unless the server does
   * not support it, or there are more than 1,000 operations.
   * A PUT may clear values that the server stores but does not return, such as a password (RFC 7644 §3.5.1).
   */
  readonly method?: 'auto' | 'patch' | 'put'
  /** Merges both sides after a conflict, instead of repeating the change on the current state. Created by `mergeWith()`. */
  readonly onConflict?: MergeWith
  /**
   * True if applying the change twice has the same result as once: setting a title is idempotent, counting is not. Then
   * a write whose response was lost is repeated. Without it, that ends with `outcomeUnknown` unless the version decides.
   */
  readonly idempotent?: boolean
  /**
   * Decides whether a write whose response was lost is contained in the current state; undefined if undecidable. For
   * changes that leave a unique mark. Equal content proves nothing: a concurrent writer may have written the same.
   */
  readonly isApplied?: (current: Resource, written: Resource) => boolean | undefined
  /** Write even if the server returns no version; concurrent writers may then overwrite each other undetected. */
  readonly unsafe?: boolean
}
