/** A server with several tenants, as the isolation proof needs it. */
import type { Exchange } from '../exchange.js'

/** An event of the server, as far as it names a tenant and a resource. */
export interface SeenEvent {
  readonly tenant: string | undefined
  readonly id: string | undefined
}

/** A server with several tenants, each with a caller that may do everything in its own tenant. */
export interface IsolationTarget {
  /**
   * An exchange with the credentials of the caller of tenant `caller`, at the address of tenant `at` (default: its own).
   * `at` may name a tenant that does not exist.
   */
  exchange(caller: string, at?: string): Exchange
  /** The events since the last call. Default: none. */
  events?(): readonly SeenEvent[]
  /**
   * A tenant, not among those of the proof, that may send `burst` requests at once, slowly refilled. Default: rate limits
   * are not part of the proof.
   */
  readonly limited?: { readonly tenant: string; readonly burst: number }
}
