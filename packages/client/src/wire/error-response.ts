/** The errors of requests that received an error response, or none. @see RFC 7644 §3.12 */
import type { JsonObject } from '@scimkit/core/json'
import { type ErrorDetails, ScimClientError } from '../failure.js'
import { conflictIn } from './conflict-details.js'
import type { RequestMessage } from './request.js'
import { retryAfter } from './retry-after.js'
import type { Wire } from './wire.js'

/** The error of a request without a response. */
export function errorWithoutResponse(
  what: string,
  isRead: boolean,
  isNotSent: boolean,
  signal: AbortSignal | undefined,
  error: unknown,
): ScimClientError {
  if (isNotSent)
    return new ScimClientError(`${what}: connection failed; the request was not sent`, { kind: 'notSent' }, error)
  if (!isRead) {
    const detail = `${what}: response lost; the write may have been applied`
    return new ScimClientError(detail, { kind: 'unknownOutcome', response: undefined }, error)
  }
  if (signal?.aborted) return new ScimClientError(`${what}: aborted`, { kind: 'aborted' }, error)
  return new ScimClientError(`${what}: no response`, { kind: 'noResponse' }, error)
}

/** The error of an error response, by its status. */
export function errorOfResponse(
  wire: Wire,
  message: RequestMessage,
  what: string,
  isRead: boolean,
  { status, headers }: Response,
  body: JsonObject | undefined,
): ScimClientError {
  const details = errorDetailsIn(body, retryAfter(headers.get('retry-after'), wire.ports.now()))
  const text = [`${what}: ${status}`, details.scimType, details.detail].filter((part) => part !== undefined).join(' ')
  if (status === 404) return new ScimClientError(text, { kind: 'notFound', status, ...details })
  if (status === 412) {
    const { current = headers.get('etag') ?? undefined, changed } = conflictIn(body)
    const failure = {
      kind: 'versionMismatch',
      status,
      expected: message.ifMatch,
      current,
      changed,
      ...details,
    } as const
    return new ScimClientError(text, failure)
  }
  // 501: the server does not support the write, so nothing changed. Any other 5xx leaves the outcome unknown.
  if (!isRead && status >= 500 && status !== 501) {
    return new ScimClientError(text, { kind: 'unknownOutcome', response: { status, ...details } })
  }
  return new ScimClientError(text, { kind: 'refused', status, ...details })
}

/** The error for a write that succeeded by its status, but whose response does not contain the result. */
export function resultMissing(detail: string, status: number, cause?: unknown): ScimClientError {
  return new ScimClientError(
    detail,
    { kind: 'unknownOutcome', response: { status, ...errorDetailsIn(undefined, undefined) } },
    cause,
  )
}

/** The fields of an error body. @see RFC 7644 §3.12 */
export function errorDetailsIn(body: JsonObject | undefined, wait: number | undefined): ErrorDetails {
  const { scimType, detail } = body ?? {}
  return {
    scimType: typeof scimType === 'string' ? scimType : undefined,
    detail: typeof detail === 'string' ? detail : undefined,
    retryAfter: wait,
    body,
  }
}
