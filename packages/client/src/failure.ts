/** All reasons why a request fails: one error class with a closed union. */
import type { JsonObject } from '@scimkit/core/json'

/** Why a request failed; closed, so that a `switch` over `kind` can be exhaustive. */
export type Failure =
  | RefusedFailure
  | NotFoundFailure
  | VersionMismatchFailure
  | NotSentFailure
  | NoResponseFailure
  | UnknownOutcomeFailure
  | AbortedFailure
  | InvalidResponseFailure
  | MultipleMatchesFailure
  | BulkLimitFailure

/** The server refused the request with a status and usually a SCIM error body. Below 500, nothing was changed. */
export interface RefusedFailure extends ErrorDetails {
  readonly kind: 'refused'
  readonly status: number
}

/** 404: the resource or the endpoint does not exist. */
export interface NotFoundFailure extends ErrorDetails {
  readonly kind: 'notFound'
  readonly status: 404
}

/** 412: the resource no longer has the expected version. Nothing was changed. @see RFC 7644 §3.14 */
export interface VersionMismatchFailure extends ErrorDetails {
  readonly kind: 'versionMismatch'
  readonly status: 412
  /** The tag that was sent as `If-Match`; undefined if the request had none. */
  readonly expected: string | undefined
  /** The current tag of the resource; undefined if the response does not contain it. */
  readonly current: string | undefined
  /** The attributes that concurrent writers changed; undefined if the server does not report them (see its option `history`). */
  readonly changed: readonly string[] | undefined
}

/** No connection was established, or no token arrived in time: the server has not received the request. Retry is safe. */
export interface NotSentFailure {
  readonly kind: 'notSent'
}

/** A read received no response. Retry is safe. */
export interface NoResponseFailure {
  readonly kind: 'noResponse'
}

/**
 * A write may have been applied, but its response was lost or cannot be read, or the server responded with a 5xx.
 * For a `create` also: the resource was created, but could not be read.
 */
export interface UnknownOutcomeFailure {
  readonly kind: 'unknownOutcome'
  /** The server's response, if there was one: a status of 500 or above, or one below 300 with a body that is not SCIM. */
  readonly response: (ErrorDetails & { readonly status: number }) | undefined
}

/** The caller's signal aborted a read, or a write before it was sent. An aborted write in flight is `unknownOutcome`. */
export interface AbortedFailure {
  readonly kind: 'aborted'
}

/** The response to a read is not valid SCIM: not JSON, not a resource, or a list whose pages repeat. */
export interface InvalidResponseFailure {
  readonly kind: 'invalidResponse'
  readonly status: number
}

/** More than one resource matches the filter of `find`. */
export interface MultipleMatchesFailure {
  readonly kind: 'multipleMatches'
}

/** A bulk request exceeds a limit of the server; nothing was sent. @see RFC 7643 §5 */
export interface BulkLimitFailure {
  readonly kind: 'bulkLimit'
  readonly limit: 'supported' | 'maxOperations' | 'maxPayloadSize'
  readonly allowed: number
  readonly requested: number
}

/** The fields of an error response. @see RFC 7644 §3.12 */
export interface ErrorDetails {
  /** A keyword of RFC 7644 §3.12, or a keyword of the server. */
  readonly scimType: string | undefined
  readonly detail: string | undefined
  /** Milliseconds to wait before a retry, from `Retry-After` in either form. */
  readonly retryAfter: number | undefined
  readonly body: JsonObject | undefined
}

/** The error that all calls of this client throw; `failure` is the reason, and `cause` the underlying error, if any. */
export class ScimClientError extends Error {
  readonly failure: Failure

  constructor(message: string, failure: Failure, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ScimClientError'
    this.failure = failure
  }
}

/** The failure of a caught error; undefined for errors that this client did not throw. */
export function failureOf(caught: unknown): Failure | undefined {
  return caught instanceof ScimClientError ? caught.failure : undefined
}
