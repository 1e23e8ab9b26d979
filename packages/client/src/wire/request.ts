/** The request of `fetch` for one SCIM request: headers, time limit, redirects. */
import { ScimClientError } from '../failure.js'
import { abortable } from './abortable.js'
import type { Wire } from './wire.js'

/** The parts of a request that differ between requests. */
export interface RequestMessage {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Relative to the base URL, percent-encoded: `/Users/42?attributes=userName`. */
  readonly target: string
  readonly body?: unknown
  readonly ifMatch?: string | undefined
  readonly ifNoneMatch?: string | undefined
  readonly idempotencyKey?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Builds the request of `fetch`. Throws a ScimClientError if no token arrives in time; errors of the `token` function are rethrown. */
export async function initOf(wire: Wire, message: RequestMessage, what: string, isRead: boolean): Promise<RequestInit> {
  const signals = [message.signal, wire.timeout > 0 ? AbortSignal.timeout(wire.timeout) : undefined]
  const present = signals.filter((signal) => signal !== undefined)
  const signal = present.length > 0 ? AbortSignal.any(present) : undefined
  const headers = await headersOf(wire, what, message.signal, signal)
  headers.set('Accept', 'application/scim+json, application/json;q=0.9')
  if (message.ifMatch !== undefined) headers.set('If-Match', message.ifMatch)
  if (message.idempotencyKey !== undefined) headers.set('Idempotency-Key', message.idempotencyKey)
  if (message.ifNoneMatch !== undefined) {
    headers.set('If-None-Match', message.ifNoneMatch)
    // Without this header, fetch adds `no-cache` to a conditional request (Fetch §4.6, step 8.21), and frameworks that
    // compare tags themselves then never respond with 304.
    headers.set('Cache-Control', 'max-age=0')
  }
  if (message.body !== undefined) headers.set('Content-Type', 'application/scim+json')
  // Appended to the preferences that the caller set, because `Prefer` is a list (RFC 7240 §2).
  if (message.ifMatch !== undefined || message.target === '/Bulk') headers.append('Prefer', 'conflict-details')
  return {
    method: message.method,
    headers,
    // A redirected POST becomes a GET, so redirects of writes are reported. RFC 7644 §3.11 allows redirects of /Me.
    redirect: isRead || message.target.split('?')[0] === '/Me' ? 'follow' : 'manual',
    ...(message.body !== undefined && { body: JSON.stringify(message.body) }),
    ...(signal !== undefined && { signal }),
  }
}

// Fetching a token may time out; nothing has been sent at that point. Errors of the `token` function are rethrown.
async function headersOf(
  wire: Wire,
  what: string,
  callers: AbortSignal | undefined,
  signal: AbortSignal | undefined,
): Promise<Headers> {
  try {
    return await abortable(wire.headers(), signal)
  } catch (error) {
    if (callers?.aborted) throw new ScimClientError(`${what}: aborted`, { kind: 'aborted' }, error)
    if (!signal?.aborted) throw error
    throw new ScimClientError(`${what}: no token within the timeout`, { kind: 'notSent' }, error)
  }
}
