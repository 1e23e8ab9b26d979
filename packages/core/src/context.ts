import type { InteropSwitches } from './interop.js'
import type { WaitUntil } from './wait-until.js'

declare const tenantBrand: unique symbol

/** The name of a tenant. Only `access/` makes one, so a tenant can never be taken from a body or a URL by mistake. */
export type TenantId = string & { readonly [tenantBrand]: true }

/** What answers are labelled with; both hold the same JSON. @see RFC 7644 §3.1 */
export type MediaType = 'application/scim+json' | 'application/json'

/** Where a request stands in a trace. @see https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceParent {
  /** 32 hexadecimal digits, not all 0. */
  readonly traceId: string
  /** The caller's span: 16 hexadecimal digits, not all 0. */
  readonly parentId: string
}

/** Who is asking, for whom, and under which rules: goes with every operation and every provider call. */
export interface ScimContext {
  /** Whose resources this request may see. */
  readonly tenant: TenantId
  /** Who calls, as the authenticator named it; for events and audit, never for addressing. */
  readonly principal: string | undefined
  /**
   * Ties the events of one request together. The client may have chosen it (`X-Request-Id`), so it identifies nothing:
   * two requests may have the same one.
   */
  readonly requestId: string
  /** The trace that the client named in `traceparent`; absent without one. */
  readonly trace?: TraceParent | undefined
  /**
   * One object for one request, the same for all that is done for it: what a provider counts or remembers of a request
   * belongs to it (a WeakMap). Absent outside of a request.
   */
  readonly request?: object | undefined
  /** Fires when the client has gone; a provider may stop reading then, never in the middle of a write. */
  readonly signal: AbortSignal | undefined
  /**
   * Keeps the request alive until a promise has settled; absent where the platform needs no such thing. For work that is to
   * go on after the answer. Handle the rejection yourself.
   */
  readonly waitUntil?: WaitUntil | undefined
  /** The leniencies in force for this caller. */
  readonly interop: InteropSwitches
  /** Absolute URL that `meta.location` and `$ref` start with, without a slash at the end. */
  readonly baseUrl: string
  /** What the answer is labelled with. */
  readonly mediaType: MediaType
}
