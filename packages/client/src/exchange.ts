/** One request and its answer. Everything that can go wrong on the way gets its name here. */
import { isArray, isObject, type JsonObject, type JsonValue, versionMismatchUrn } from '@scimkit/core'
import type { Fetch } from './client-options.js'
import type { ClientPorts } from './client-ports.js'
import { ScimClientError, type Told } from './failure.js'
import type { KnownTags } from './known-tags.js'
import { isEntityTag } from './place.js'
import { retryAfter } from './retry-after.js'
import { unlessAborted } from './unless-aborted.js'

/** The options, made into what requests are sent with. */
export interface Wire {
  /** The base URL, without slash at the end. */
  readonly base: string
  readonly fetch: Fetch
  readonly headers: () => Promise<Headers>
  readonly timeout: number
  readonly isNotSent: (error: unknown) => boolean
  readonly ifMatch: 'known' | false
  readonly known: KnownTags
  readonly ports: ClientPorts
}

/** A request, as far as requests differ. */
export interface Message {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the base URL, encoded: `/Users/42?attributes=userName`. */
  readonly target: string
  readonly body?: unknown
  readonly ifMatch?: string | undefined
  readonly ifNoneMatch?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** An answer below 400. */
export interface Answer {
  readonly status: number
  readonly tag: string | undefined
  readonly location: string | undefined
  readonly text: string
  /** Undefined for one without body. */
  readonly body: JsonObject | undefined
}

/**
 * Sends one request; a status of 400 or above, a lost answer and one that is no JSON object are ScimClientErrors. What
 * the function that gives tokens throws goes through.
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
    // The status has come, and of a write that is what counts.
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
    // Of its own, fetch adds `no-cache` to a request that has a condition (Fetch §4.6, step 8.21), and then frameworks
    // that compare tags themselves never answer 304.
    headers.set('Cache-Control', 'max-age=0')
  }
  if (message.body !== undefined) headers.set('Content-Type', 'application/scim+json')
  // Beside what the program prefers itself, which is in the same list (RFC 7240 §2).
  if (message.ifMatch !== undefined || message.target === '/Bulk') headers.append('Prefer', 'conflict-details')
  return {
    method: message.method,
    headers,
    // A redirected POST becomes a GET; a redirected write is for somebody to look at. Of /Me it is what RFC 7644 §3.11 has.
    redirect: isRead || message.target.split('?')[0] === '/Me' ? 'follow' : 'manual',
    ...(message.body !== undefined && { body: JSON.stringify(message.body) }),
    ...(signal !== undefined && { signal }),
  }
}

// A token that has to be fetched takes its time, and then nothing has been sent yet. What its function throws goes through.
async function headersOf(
  wire: Wire,
  what: string,
  callers: AbortSignal | undefined,
  signal: AbortSignal | undefined,
): Promise<Headers> {
  try {
    return await unlessAborted(wire.headers(), signal)
  } catch (error) {
    if (callers?.aborted) throw new ScimClientError(`${what}: aborted`, { kind: 'aborted' }, error)
    if (!signal?.aborted) throw error
    throw new ScimClientError(`${what}: there was no token in time`, { kind: 'notSent' }, error)
  }
}

function lost(
  what: string,
  isRead: boolean,
  isNotSent: boolean,
  signal: AbortSignal | undefined,
  error: unknown,
): ScimClientError {
  if (isNotSent) return new ScimClientError(`${what}: there is no connection`, { kind: 'notSent' }, error)
  if (!isRead) {
    const detail = `${what}: the answer was lost; whether anything was changed is not known`
    return new ScimClientError(detail, { kind: 'unknownOutcome', told: undefined }, error)
  }
  if (signal?.aborted) return new ScimClientError(`${what}: aborted`, { kind: 'aborted' }, error)
  return new ScimClientError(`${what}: there was no answer`, { kind: 'noAnswer' }, error)
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
    const detail = `${what}: the answer (${status}) is no JSON object`
    if (isRead) throw new ScimClientError(detail, { kind: 'badAnswer', status })
    throw unseen(`${detail}; whether anything was changed is not known`, status)
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
  const told = toldBy(body, retryAfter(headers.get('retry-after'), wire.ports.now()))
  const text = [`${what}: ${status}`, told.scimType, told.detail].filter((part) => part !== undefined).join(' ')
  if (status === 404) return new ScimClientError(text, { kind: 'notFound', status, ...told })
  if (status === 412) {
    const { current = headers.get('etag') ?? undefined, changed } = conflictIn(body)
    const failure = { kind: 'versionMismatch', status, expected: message.ifMatch, current, changed, ...told } as const
    return new ScimClientError(text, failure)
  }
  // 501: the server cannot, so it did not. Of anything else above 500 nobody knows.
  if (!isRead && status >= 500 && status !== 501) {
    return new ScimClientError(text, { kind: 'unknownOutcome', told: { status, ...told } })
  }
  return new ScimClientError(text, { kind: 'refused', status, ...told })
}

/** A write whose answer says that it went well, and not what it has led to. */
export function unseen(detail: string, status: number, cause?: unknown): ScimClientError {
  return new ScimClientError(
    detail,
    { kind: 'unknownOutcome', told: { status, ...toldBy(undefined, undefined) } },
    cause,
  )
}

/** What an error body says. @see RFC 7644 §3.12 */
export function toldBy(body: JsonObject | undefined, wait: number | undefined): Told {
  const { scimType, detail } = body ?? {}
  return {
    scimType: typeof scimType === 'string' ? scimType : undefined,
    detail: typeof detail === 'string' ? detail : undefined,
    retryAfter: wait,
    body,
  }
}

/** The conflict in the body of a 412, as ScimKit sends it to clients that ask. */
export interface Conflict {
  /** The tag that the resource has now. Unlike the `ETag` header no proxy changes it. */
  readonly current?: string
  /** The attributes that changed since the version that was expected; undefined if that is not known. */
  readonly changed: readonly string[] | undefined
}

/** The conflict in the body of a 412; without any member for a server that sends none. */
export function conflictIn(body: JsonObject | undefined): Conflict {
  const details = body?.[versionMismatchUrn]
  const { current, changed } = isObject(details) ? details : {}
  return {
    changed: isArray(changed) && changed.every((name) => typeof name === 'string') ? changed : undefined,
    ...(isEntityTag(current) && { current }),
  }
}

/** The JSON object in a text; undefined if there is none. */
export function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
