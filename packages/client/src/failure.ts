/** Everything that keeps a request from doing what was asked, in one class over one closed union. */
import type { JsonObject } from '@scimkit/core'

/** Why a request failed; closed, so that a `switch` over `kind` can be exhaustive. */
export type Failure =
  | RefusedFailure
  | NotFoundFailure
  | MismatchFailure
  | NotSentFailure
  | NoAnswerFailure
  | UnknownOutcomeFailure
  | AbortedFailure
  | BadAnswerFailure
  | SeveralFailure
  | BulkLimitFailure

/** The server said no, with a status and as a rule a SCIM error body. Nothing was changed, if the status is below 500. */
export interface RefusedFailure extends Told {
  readonly kind: 'refused'
  readonly status: number
}

/** 404: there is no such resource, or no such endpoint. */
export interface NotFoundFailure extends Told {
  readonly kind: 'notFound'
  readonly status: 404
}

/** 412: the resource is not at the version that was expected any more. Nothing was changed. @see RFC 7644 §3.14 */
export interface MismatchFailure extends Told {
  readonly kind: 'versionMismatch'
  readonly status: 412
  /** The tag that was sent as `If-Match`; undefined if the server made the condition up. */
  readonly expected: string | undefined
  /** The tag the resource has now, so far as the answer told. */
  readonly current: string | undefined
  /** The attributes that others have changed since, if the server has them for this client: see its option `history`. */
  readonly changed: readonly string[] | undefined
}

/** No connection came about, or no token in time, so the server has not seen the request. It may be sent again. */
export interface NotSentFailure {
  readonly kind: 'notSent'
}

/** A read went without an answer. It may be sent again. */
export interface NoAnswerFailure {
  readonly kind: 'noAnswer'
}

/**
 * A write may have been carried out, but its answer was lost or cannot be read, or the server said that it does not know.
 * Of a `create` also: it was carried out, and what was made could not be read.
 */
export interface UnknownOutcomeFailure {
  readonly kind: 'unknownOutcome'
  /** What the server did say, if anything: a status of 500 or above, or one below 300 with an answer that is no SCIM. */
  readonly told: (Told & { readonly status: number }) | undefined
}

/** The caller's signal ended a read, or a write before it was sent. One that was under way is `unknownOutcome`. */
export interface AbortedFailure {
  readonly kind: 'aborted'
}

/** The answer to a read is no SCIM: no JSON, no resource, or a list that runs in circles. */
export interface BadAnswerFailure {
  readonly kind: 'badAnswer'
  readonly status: number
}

/** `find` has found more than one. */
export interface SeveralFailure {
  readonly kind: 'several'
}

/** A bulk request is larger than this server takes; nothing was sent. @see RFC 7643 §5 */
export interface BulkLimitFailure {
  readonly kind: 'bulkLimit'
  readonly limit: 'supported' | 'maxOperations' | 'maxPayloadSize'
  readonly allowed: number
  readonly wanted: number
}

/** What an error answer tells. @see RFC 7644 §3.12 */
export interface Told {
  /** A word of RFC 7644 §3.12, or of the server's own. */
  readonly scimType: string | undefined
  readonly detail: string | undefined
  /** How long to wait before the next try, in milliseconds: `Retry-After`, in either form. */
  readonly retryAfter: number | undefined
  readonly body: JsonObject | undefined
}

/** Ends a call of this client; `failure` says why. The error underneath, if there is one, is its `cause`. */
export class ScimClientError extends Error {
  readonly failure: Failure

  constructor(message: string, failure: Failure, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ScimClientError'
    this.failure = failure
  }
}

/** The failure in something caught; undefined if it came from elsewhere. */
export function failureOf(caught: unknown): Failure | undefined {
  return caught instanceof ScimClientError ? caught.failure : undefined
}
