/** Responses of the token endpoint. @see RFC 6749 §5.1, §5.2 */
import type { ScimResponse } from '@scimkit/core/adapter'

/** The error codes of the token endpoint. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  /** RFC 8707 §2. */
  | 'invalid_target'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable'

/** A failure that the client receives. */
export interface OAuthFailure {
  readonly kind: 'failure'
  readonly error: OAuthErrorCode
  readonly description: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

const json = { 'Content-Type': 'application/json' }
const notStored = { ...json, 'Cache-Control': 'no-store', Pragma: 'no-cache' }

/** A request that is malformed. */
export function invalidRequest(description: string): OAuthFailure {
  return { kind: 'failure', error: 'invalid_request', description }
}

/**
 * A client that is not authenticated: the same text whatever was wrong. A client that tried the Authorization header
 * gets the challenge that RFC 6749 §5.2 requires.
 */
export function invalidClient(usedHeader: boolean): OAuthFailure {
  const headers = usedHeader ? { 'WWW-Authenticate': 'Basic realm="SCIM", charset="UTF-8"' } : {}
  return {
    kind: 'failure',
    error: 'invalid_client',
    description: 'Client authentication failed.',
    status: 401,
    headers,
  }
}

/** A client, or all clients together, that send too many requests. */
export function tooManyRequests(seconds: number): OAuthFailure {
  return {
    kind: 'failure',
    error: 'temporarily_unavailable',
    description: `There are too many token requests. Send the request again after ${seconds} s.`,
    status: 429,
    headers: { 'Retry-After': String(seconds) },
  }
}

/** A failure of the store. */
export const unavailable: OAuthFailure = {
  kind: 'failure',
  error: 'temporarily_unavailable',
  description: 'Access tokens cannot be issued at the moment.',
  status: 503,
  headers: { 'Retry-After': '1' },
}

/** The response for a failure. */
export function failureAnswer({ error, description, status = 400, headers = {} }: OAuthFailure): ScimResponse {
  return {
    status,
    headers: { ...notStored, ...headers },
    body: JSON.stringify({ error, error_description: description }),
  }
}

/** The response with an access token. */
export function tokenAnswer(token: string, seconds: number, scopes: readonly string[]): ScimResponse {
  const body = { access_token: token, token_type: 'Bearer', expires_in: seconds, scope: scopes.join(' ') }
  return { status: 200, headers: notStored, body: JSON.stringify(body) }
}

/** A document that everyone may read. */
export function documentAnswer(document: object): ScimResponse {
  return { status: 200, headers: { ...json, 'Cache-Control': 'max-age=300' }, body: JSON.stringify(document) }
}

/** A method that the address does not have. */
export function methodNotAllowed(allow: string): ScimResponse {
  const failure: OAuthFailure = { ...invalidRequest(`The method is not allowed; use ${allow}.`), status: 405 }
  return failureAnswer({ ...failure, headers: { Allow: allow } })
}

/** A path that is not one of these. */
export const notFound: ScimResponse = failureAnswer({
  ...invalidRequest('There is nothing at this path.'),
  status: 404,
})
