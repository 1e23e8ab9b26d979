import type { TenantId } from './context.js'
import type { ResourceRef } from './resource/ref.js'
import type { HttpVersion } from './versioning/version.js'

/**
 * The events that `onEvent` receives: one per request and one per write. Names and ids, never values: no personal data.
 */
export type ScimEvent = RequestEvent | WriteEvent

/** One HTTP request, answered. */
export interface RequestEvent {
  readonly kind: 'request'
  /** The `X-Request-Id` of the request, 1 to 128 visible ASCII characters; a new id if the request had no valid one. */
  readonly requestId: string
  /** From `traceparent`: 32 hexadecimal digits; undefined without a valid one. */
  readonly traceId: string | undefined
  /** From `traceparent`: the caller's span, 16 hexadecimal digits. */
  readonly parentId: string | undefined
  /** RFC 3339 time in UTC at which the response was ready. */
  readonly at: string
  readonly method: string
  /**
   * The resource type, or the path of another endpoint (`Bulk`, `Me`, `.search`, `Schemas` …), also of an
   * unauthenticated request; undefined when the address is not an endpoint of this server. Where `resourceTypes` is a
   * function, types are named for authenticated callers only.
   */
  readonly type: string | undefined
  /** The resource's id, if the address has one that a resource of this server could have. */
  readonly id: string | undefined
  /** Undefined for an unauthenticated request. */
  readonly tenant: TenantId | undefined
  readonly principal: string | undefined
  readonly status: number
  readonly scimType: string | undefined
  /** The ETag of the response. */
  readonly tag: HttpVersion | undefined
  /** Of a bulk request: how many of its operations were begun, and how many of those failed. */
  readonly bulk: { readonly operations: number; readonly failed: number } | undefined
  /** Milliseconds from the request's arrival to the response. */
  readonly duration: number
}

/**
 * One committed write, or a write found to change nothing (`before` equals `after`). The removal of a resource also changes the
 * groups that lose it as a member: one event each, with the operation `cascade`.
 */
export interface WriteEvent {
  readonly kind: 'write'
  readonly requestId: string
  readonly traceId: string | undefined
  readonly parentId: string | undefined
  /** RFC 3339 time in UTC. */
  readonly at: string
  readonly operation: 'create' | 'replace' | 'patch' | 'remove' | 'cascade'
  readonly type: string
  readonly id: string
  readonly tenant: TenantId
  readonly principal: string | undefined
  /** Undefined for a create, and for a cascade: the group was not read. */
  readonly before: HttpVersion | undefined
  /** Undefined for a remove. */
  readonly after: HttpVersion | undefined
  /** The number of attempts of the write; above 1 when concurrent writers committed first. */
  readonly attempts: number
  /**
   * Attributes of the body that were left out: unknown ones, readOnly ones, a password that the host does not take. At
   * most 50.
   */
  readonly ignored: readonly string[]
  /**
   * How many members were left out because no resource has their id; above 0 only with `unknownMembers: 'skip'`. A
   * count: an unknown id is only text that a client sent.
   */
  readonly skippedMembers: number
  /** Of a cascade: the resource whose removal changed this one. */
  readonly removed?: ResourceRef
  /** Of a replace: true if the request was a POST, which replaced the resource with its unique value by `onDuplicate`. */
  readonly duplicate?: true
}
