/** Sends one request and reads its response. Maps every transport and protocol error to a `Failure`. */
import { isArray, isObject, type JsonObject, type JsonValue, versionMismatchUrn } from '@scimkit/core'
import { abortable } from './abortable.js'
import type { Fetch } from './client-options.js'
import type { ClientPorts } from './client-ports.js'
import { type ErrorDetails, ScimClientError } from './failure.js'
import type { KnownTags } from './known-tags.js'
import { isEntityTag } from './resource-path.js'
import { retryAfter } from './retry-after.js'

/** The resolved client options with which requests are sent. */
export interface Wire {
  /** The base URL, without a trailing slash. */
  readonly base: string
  readonly fetch: Fetch
  readonly headers: () => Promise<Headers>
  readonly timeout: number
  readonly isNotSent: (error: unknown) => boolean
  readonly ifMatch: 'known' | false
  readonly known: KnownTags
  readonly ports: ClientPorts
}

/** The parts of a request that differ between requests. */
export interface Message {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Relative to the base URL, percent-encoded: `/Users/42?attributes=userName`. */
  readonly target: string
  readonly body?: unknown
  readonly ifMatch?: string | undefined
  readonly ifNoneMatch?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** A response with a status below 400. */
export interface Answer {
  readonly status: number
  readonly tag: string | undefined
  readonly location: string | undefined
  readonly text: string
  /** Undefined for a response without a body. */
  readonly body: JsonObject | undefined
}

/**
 * Sends one request. Throws a ScimClientError for a status of 400 or above, for a lost response, and for a response that
 * is not a JSON object. Errors that the `token` function throws are rethrown unchanged.
 */
export async function exchange(wire: Wire, message: Message): Promise<Answer> {
  const { method, target, signal } = message
  const isRead = method === 'GET' || target.split('?')[0]?.endsWith('/.search') === true
  const what = `${method} ${wire.base}${target}`
  if (signal?.aborted) throw new ScimClientError(`${what}: aborted`, { kind: 'aborted' }, signal.reason)
  const init = await initOf(wire, message, what, isRead)
  let response: Response
  try {
    response = await wire.fetch(`${wire.base}${target}`, init)
  } catch (error) {
    throw lost(what, isRead, wire.isNotSent(error), signal, error)
  }
  let text: string
  try {
    text = response.status === 204 || response.status === 304 ? '' : await response.text()
  } catch (error) {
    // The status was received, and the status alone decides the outcome of a write.
    if (isRead || response.status >= 400) throw lost(what, isRead, false, signal, error)
    text = ''
  }
  return answerOf(wire, message, what, isRead, response, text)
}

async function initOf(wire: Wire, message: Message, what: string, isRead: boolean): Promise<RequestInit> {
  const signals = [message.signal, wire.timeout > 0 ? AbortSignal.timeout(wire.timeout) : undefined]
  const present = signals.filter((signal) => signal !== undefined)
  const signal = present.length > 0 ? AbortSignal.any(present) : undefined
  const headers = await headersOf(wire, what, message.signal, signal)
  headers.set('Accept', 'application/scim+json, application/json;q=0.9')
  if (message.ifMatch !== undefined) headers.set('If-Match', message.ifMatch)
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

function lost(
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
  return new ScimClientError(`${what}: no response`, { kind: 'noAnswer' }, error)
}

function answerOf(
  wire: Wire,
  message: Message,
  what: string,
  isRead: boolean,
  response: Response,
  text: string,
): Answer {
  const { status } = response
  const body = jsonObject(text)
  const isRedirect = status === 0 || (status >= 300 && status < 400 && status !== 304)
  if (isRedirect || status >= 400) throw refusal(wire, message, what, isRead, response, body)
  if (text !== '' && body === undefined) {
    const detail = `${what}: the response (${status}) is not a JSON object`
    if (isRead) throw new ScimClientError(detail, { kind: 'badAnswer', status })
    throw unseen(`${detail}; the write may have been applied`, status)
  }
  const tag = response.headers.get('etag') ?? undefined
  return { status, tag, location: response.headers.get('location') ?? undefined, text, body }
}

function refusal(
  wire: Wire,
  message: Message,
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
export function unseen(detail: string, status: number, cause?: unknown): ScimClientError {
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

/** The conflict in the body of a 412, as ScimKit sends it to clients that request it. */
export interface Conflict {
  /** The current tag of the resource. Proxies do not change it, unlike the `ETag` header. */
  readonly current?: string
  /** The attributes that changed since the expected version; undefined if unknown. */
  readonly changed: readonly string[] | undefined
}

/** Reads the conflict from the body of a 412; all members are undefined if the server sends no conflict. */
export function conflictIn(body: JsonObject | undefined): Conflict {
  const details = body?.[versionMismatchUrn]
  const { current, changed } = isObject(details) ? details : {}
  return {
    changed: isArray(changed) && changed.every((name) => typeof name === 'string') ? changed : undefined,
    ...(isEntityTag(current) && { current }),
  }
}

/** Parses a text as a JSON object; undefined if it is not one. */
export function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
