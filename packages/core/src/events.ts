import type { TenantId } from './context.js'
import type { HttpVersion } from './versioning/version.js'

/** What `onEvent` is told: one per request and one per write. Names and ids, never values: no personal data. */
export type ScimEvent = RequestEvent | WriteEvent

/** One HTTP request, answered. */
export interface RequestEvent {
  readonly kind: 'request'
  /** The `X-Request-Id` of the request, 1 to 128 visible ASCII characters; a new id where it had none that will do. */
  readonly requestId: string
  /** From `traceparent`: 32 hexadecimal digits; undefined without a valid one. */
  readonly traceId: string | undefined
  /** From `traceparent`: the caller's span, 16 hexadecimal digits. */
  readonly parentId: string | undefined
  /** RFC 3339 time in UTC at which the answer was ready. */
  readonly at: string
  readonly method: string
  /**
   * The resource type, or the path of another endpoint (`Bulk`, `Me`, `.search`, `Schemas` …), also of a request that was
   * not let in; undefined when the address was none of ours. Where `resourceTypes` is a function, types are named to
   * callers who were let in only.
   */
  readonly type: string | undefined
  /** The resource's id, if the address has one that could be one of ours. */
  readonly id: string | undefined
  /** Undefined when nobody was let in. */
  readonly tenant: TenantId | undefined
  readonly principal: string | undefined
  readonly status: number
  readonly scimType: string | undefined
  /** The ETag of the answer. */
  readonly tag: HttpVersion | undefined
  /** Of a bulk request: how many of its operations were begun, and how many of those failed. */
  readonly bulk: { readonly operations: number; readonly failed: number } | undefined
  /** Milliseconds from the request's arrival to the answer. */
  readonly duration: number
}

/** One committed write, or a write found to change nothing (`before` equals `after`). */
export interface WriteEvent {
  readonly kind: 'write'
  readonly requestId: string
  readonly traceId: string | undefined
  readonly parentId: string | undefined
  /** RFC 3339 time in UTC. */
  readonly at: string
  readonly operation: 'create' | 'replace' | 'patch' | 'remove'
  readonly type: string
  readonly id: string
  readonly tenant: TenantId
  readonly principal: string | undefined
  /** Undefined for a create. */
  readonly before: HttpVersion | undefined
  /** Undefined for a remove. */
  readonly after: HttpVersion | undefined
  /** How often the write was tried; above 1 when rivals came first. */
  readonly attempts: number
  /** Attributes of the body that were left out: unknown ones, readOnly ones, a password nobody takes. At most 50. */
  readonly ignored: readonly string[]
  /**
   * How many members were left out because nothing has their id; above 0 only with `unknownMembers: 'skip'`. A count:
   * an id that is none of ours is just text that a client sent.
   */
  readonly skippedMembers: number
}
