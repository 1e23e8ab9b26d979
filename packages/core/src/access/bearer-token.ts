import { platformPorts } from '../ports.js'
import { type Authenticator, bearerCredentials, bearerScheme } from './authenticate.js'
import { tenantId } from './tenant.js'

const shortestToken = 32

/** A token, or a function that finds it in the native request or environment (Workers). */
export type TokenSource<Native = unknown> = string | ((native: Native) => string | undefined)

/**
 * Accepts clients that send this one static token. Throws a TypeError at start for a token under 32 characters; if a
 * source finds no token, every request is rejected. `tenant` names the only tenant (default `default`).
 * @example
 * ```ts
 * import { bearerToken } from '@scimkit/core'
 *
 * const authenticate = bearerToken(process.env.SCIM_TOKEN ?? '')
 * // On Workers the token is in the environment of each request:
 * const fromEnvironment = bearerToken((env: { SCIM_TOKEN: string }) => env.SCIM_TOKEN)
 * ```
 */
export function bearerToken<Native = unknown>(
  token: TokenSource<Native>,
  options: { readonly tenant?: string } = {},
): Authenticator<Native> {
  if (typeof token === 'string') requireStrong(token)
  // Values only: on Workers a promise of one request may never settle for another.
  let known: { readonly text: string; readonly digest: string } | undefined
  const access = { tenant: tenantId(options.tenant ?? 'default'), principal: 'bearer-token' }
  const authenticator: Authenticator<Native> = async (request, native) => {
    const expected = typeof token === 'string' ? token : token(native)
    if (expected === undefined || expected === '') return undefined
    requireStrong(expected)
    const sent = bearerCredentials(request.header('authorization'))
    if (sent === undefined) return undefined
    const digest = known?.text === expected ? known.digest : await platformPorts.digest(expected)
    known = { text: expected, digest }
    return equalInConstantTime(await platformPorts.digest(sent), digest) ? access : undefined
  }
  return Object.assign(authenticator, { schemes: [bearerScheme] })
}

/**
 * Accepts every request, as one tenant. For experiments, or behind a gateway that has authenticated the request
 * already.
 * @example
 * ```ts
 * import { noAuthentication } from '@scimkit/core'
 *
 * const authenticate = noAuthentication({ tenant: 'development' })
 * ```
 */
export function noAuthentication(options: { readonly tenant?: string } = {}): Authenticator {
  const access = { tenant: tenantId(options.tenant ?? 'default') }
  return Object.assign(() => access, { schemes: [] })
}

/** Compares two digests of one length. The duration does not depend on the number of equal characters. */
function equalInConstantTime(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i)
  return difference === 0
}

function requireStrong(token: string): void {
  if (token.length < shortestToken) {
    throw new TypeError(
      `The bearer token has ${token.length} characters; at least ${shortestToken} are required. Generate one with: openssl rand -hex 32`,
    )
  }
  if (bearerCredentials(`Bearer ${token}`) !== token) {
    throw new TypeError(
      'The bearer token has characters that are not allowed in an Authorization header (RFC 6750 §2.1).',
    )
  }
}
