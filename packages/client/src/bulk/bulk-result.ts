/** The result of one operation of a bulk request. @see RFC 7644 §3.7.3 */
import type { Failure } from '../failure.js'

/** The method of an operation, as sent in a bulk request. */
export type BulkMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The result of one operation, by its method; closed, so that a `switch` over `kind` can be exhaustive. */
export type BulkResult<Method extends BulkMethod = BulkMethod> = BulkDone<Method> | BulkFailed | BulkNotAttempted

type BulkDone<Method extends BulkMethod> = Method extends 'POST'
  ? BulkCreatedResult
  : Method extends 'DELETE'
    ? BulkDeletedResult
    : BulkChangedResult

/** The resource was created. */
export interface BulkCreatedResult {
  readonly kind: 'created'
  readonly id: string
  readonly location: string
  readonly tag: string | undefined
}

/** The resource was changed, or already had this state. */
export interface BulkChangedResult {
  readonly kind: 'changed'
  readonly tag: string | undefined
}

/** The resource was deleted. */
export interface BulkDeletedResult {
  readonly kind: 'deleted'
}

/** The operation failed; see {@link Failure}. Other operations are not affected. */
export interface BulkFailed {
  readonly kind: 'failed'
  readonly failure: Failure
}

/** The operation is missing in the response: the number of errors reached `failOnErrors` before it. */
export interface BulkNotAttempted {
  readonly kind: 'notAttempted'
}
