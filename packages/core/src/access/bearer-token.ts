import { platformPorts } from '../ports.js'
import { type Authenticator, bearerCredentials, bearerScheme } from './authenticate.js'
import { tenantId } from './tenant.js'

const shortestToken = 32

/** A token, or how to find it in the native request or environment (Workers). */
export type TokenSource = string | ((native: never) => string | undefined)

/**
 * Lets in whoever sends this one static token. Throws a TypeError at start for a token under 32 characters; a source
 * that finds none lets nobody in. `tenant` names the only tenant (default `default`).
 */
export function bearerToken(token: TokenSource, options: { readonly tenant?: string } = {}): Authenticator {
  if (typeof token === 'string') requireStrong(token)
  let known: { readonly text: string; readonly digest: string | Promise<string> } | undefined
  const access = { tenant: tenantId(options.tenant ?? 'default'), principal: 'bearer-token' }
  const authenticator: Authenticator = async (request, native) => {
    const expected = typeof token === 'string' ? token : token(native as never)
    if (expected === undefined || expected === '') return undefined
    requireStrong(expected)
    const sent = bearerCredentials(request.header('authorization'))
    if (sent === undefined) return undefined
    if (known?.text !== expected) known = { text: expected, digest: platformPorts.digest(expected) }
    // Digests are compared, not the texts, so that time tells nothing about how many characters were right.
    return (await platformPorts.digest(sent)) === (await known.digest) ? access : undefined
  }
  return Object.assign(authenticator, { schemes: [bearerScheme] })
}

/** Lets everybody in as one tenant. For trying things out, or behind something that has checked already. */
export function noAuthentication(options: { readonly tenant?: string } = {}): Authenticator {
  const access = { tenant: tenantId(options.tenant ?? 'default') }
  return Object.assign(() => access, { schemes: [] })
}

function requireStrong(token: string): void {
  if (token.length < shortestToken) {
    throw new TypeError(
      `The bearer token has ${token.length} characters; at least ${shortestToken} are needed. A good one: openssl rand -hex 32`,
    )
  }
  if (bearerCredentials(`Bearer ${token}`) !== token) {
    throw new TypeError('The bearer token has characters that no Authorization header can carry (RFC 6750 §2.1).')
  }
}
