/** How a client authenticates itself at the token endpoint, from header and body. @see RFC 6749 §2.3, RFC 7521 §4.2 */
import { assertionTypes, type ParsedJwt, parseJwt } from '../assertions/parse-jwt.js'
import { invalidClient, invalidRequest, type OAuthFailure } from './oauth-answer.js'
import type { Form } from './read-form.js'

/** What a client has sent. Nothing of it is verified. */
export type PresentedClient =
  | { readonly kind: 'secret'; readonly client: string; readonly secret: string; readonly usedHeader: boolean }
  | { readonly kind: 'assertion'; readonly client: string | undefined; readonly jwt: ParsedJwt }
  | { readonly kind: 'malformed'; readonly usedHeader: boolean }

/** The type of assertions that are JWTs. */
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The client of a request; a failure for two methods, and for half of one. */
export function presentedClient(authorization: string | undefined, form: Form): PresentedClient | OAuthFailure {
  const type = form.get('client_assertion_type')
  const assertion = form.get('client_assertion')
  const secret = form.get('client_secret')
  const client = form.get('client_id')
  const methods = [authorization, assertion ?? type, secret].filter((method) => method !== undefined)
  if (methods.length > 1) return invalidRequest('The client must use one authentication method.')
  if (authorization !== undefined) return fromHeader(authorization, client)
  if (secret !== undefined) {
    if (client === undefined) return invalidRequest('client_secret requires client_id.')
    return { kind: 'secret', client, secret, usedHeader: false }
  }
  if (assertion === undefined && type === undefined) return invalidClient(false)
  if (assertion === undefined || type === undefined) {
    return invalidRequest('client_assertion and client_assertion_type are required together.')
  }
  const jwt = type === jwtBearer ? parseJwt(assertion, assertionTypes) : undefined
  if (jwt === undefined) return { kind: 'malformed', usedHeader: false }
  const subject = typeof jwt.claims.sub === 'string' ? jwt.claims.sub : undefined
  return { kind: 'assertion', client: client ?? subject, jwt }
}

// RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
function fromHeader(header: string, client: string | undefined): PresentedClient {
  const malformed: PresentedClient = { kind: 'malformed', usedHeader: true }
  if (header.slice(0, 6).toLowerCase() !== 'basic ') return malformed
  const pair = decodedPair(header.slice(6).trim())
  if (pair === undefined || (client !== undefined && client !== pair.client)) return malformed
  return { kind: 'secret', ...pair, usedHeader: true }
}

function decodedPair(text: string): { readonly client: string; readonly secret: string } | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    const joined = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const colon = joined.indexOf(':')
    if (colon < 1) return undefined
    return { client: formDecoded(joined.slice(0, colon)), secret: formDecoded(joined.slice(colon + 1)) }
  } catch {
    return undefined
  }
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.split('+').join(' '))
}
