import type { InteropSwitches } from './interop.js'
import type { WaitUntil } from './wait-until.js'

declare const tenantBrand: unique symbol

/** The name of a tenant. Only `access/` makes one, so a tenant can never be taken from a body or a URL by mistake. */
export type TenantId = string & { readonly [tenantBrand]: true }

/** The media types of responses; both hold the same JSON. @see RFC 7644 §3.1 */
export type MediaType = 'application/scim+json' | 'application/json'

/** The position of a request in a trace. @see https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceParent {
  /** 32 hexadecimal digits, not all 0. */
  readonly traceId: string
  /** The caller's span: 16 hexadecimal digits, not all 0. */
  readonly parentId: string
}

/** The caller, the tenant, and the rules that apply: passed with every operation and every provider call. */
export interface ScimContext {
  /** The tenant whose resources this request may see. */
  readonly tenant: TenantId
  /** The caller, as the authenticator named it; for events and audit, never for addressing. */
  readonly principal: string | undefined
  /** The scopes of the caller's credentials, for `authorize`; undefined if they have none. */
  readonly scopes?: readonly string[] | undefined
  /**
   * Ties the events of one request together. The client may have chosen it (`X-Request-Id`), so it identifies nothing:
   * two requests may have the same one.
   */
  readonly requestId: string
  /** The trace that the client named in `traceparent`; absent without one. */
  readonly trace?: TraceParent | undefined
  /**
   * One object for one request, the same for all of its work: a provider attaches its counters and caches for a request
   * to it (a WeakMap). Absent outside of a request.
   */
  readonly request?: object | undefined
  /** Fires when the client has disconnected; a provider may stop reading then, never in the middle of a write. */
  readonly signal: AbortSignal | undefined
  /**
   * Keeps the request alive until a promise has settled; absent where the platform does not need it. For work that
   * continues after the response. Handle the rejection yourself.
   */
  readonly waitUntil?: WaitUntil | undefined
  /** The interop switches of this caller. */
  readonly interop: InteropSwitches
  /** Absolute URL that `meta.location` and `$ref` start with, without a slash at the end. */
  readonly baseUrl: string
  /** The media type of the response. */
  readonly mediaType: MediaType
}
