/** The body of the response to a bulk request. @see RFC 7644 §3.7.3; errata 7898, 7916 (`status` is text) */
import type { BulkReport, BulkResult } from '../operation-types/outcome.js'
import type { HttpVersion } from '../versioning/version.js'

/** The response that a request for one operation alone would have received. */
export interface OperationResponse {
  readonly status: number
  readonly tag: HttpVersion | undefined
  readonly body: string | null
}

/** A BulkResponse, serialised. `responseTo` returns the response to an operation that has failed. */
export function bulkResponse(
  { results }: BulkReport,
  responseTo: (outcome: FailedOutcome) => OperationResponse,
): string {
  const operations = results.map((result) => operationText(result, responseTo))
  return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],"Operations":[${operations.join(',')}]}`
}

/** The outcome of an operation that was not done as requested. */
export type FailedOutcome = Exclude<BulkResult['outcome'], { readonly kind: 'created' | 'success' | 'removed' }>

function operationText(
  { method, bulkId, location, outcome }: BulkResult,
  responseTo: (outcome: FailedOutcome) => OperationResponse,
): string {
  const text = (version: string | undefined, status: number): string =>
    // Undefined members are left out.
    JSON.stringify({ location, method, bulkId, version, status: String(status) })
  switch (outcome.kind) {
    case 'created':
      return text(outcome.value.tag, 201)
    case 'success':
      return text(outcome.value.tag, 200)
    case 'removed':
      return text(undefined, 204)
    default: {
      const { status, tag, body } = responseTo(outcome)
      const created = outcome.kind === 'error' ? outcome.created?.tag : undefined
      return `${text(tag ?? created, status).slice(0, -1)},"response":${body}}`
    }
  }
}
