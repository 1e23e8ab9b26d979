import {
  type Access,
  type AuthenticationRequest,
  type Authenticator,
  bearerCredentials,
  bearerScheme,
  tenantId,
} from '@scimkit/core'
import { checkTimes, isAudience } from '../assertions/check-claims.js'
import { accessTokenTypes, parseJwt } from '../assertions/parse-jwt.js'
import { hasValidSignature } from '../assertions/verify-signature.js'
import type { KeyFetcher } from '../key-sets/key-fetcher.js'
import { keySets } from '../key-sets/key-sets.js'
import { type ConnectionPorts, connectionPorts } from '../ports.js'
import type { KeySource } from '../records/connection.js'

/** The claims of a verified JWT. */
export type JwtClaims = Readonly<Record<string, unknown>>

/** The settings of {@link jwt}. */
export interface JwtOptions {
  /** `iss` of accepted tokens; compared character by character. */
  readonly issuer: string
  /** `aud` of accepted tokens; a token that names another one as well is refused. */
  readonly audience: string | readonly string[]
  /** Where the public keys of the issuer are. */
  readonly keys: KeySource
  /** The tenant of a token, from its claims. Undefined: the token is refused. */
  readonly tenant: (claims: JwtClaims) => string | undefined
  /** The scopes of a token. Default: its claim `scope`, divided at spaces. */
  readonly scopes?: (claims: JwtClaims) => readonly string[]
  /** The name of the caller. Default: `azp`, `client_id` or `sub`. */
  readonly principal?: (claims: JwtClaims) => string | undefined
  /** Signature algorithms. Default RS256, PS256, ES256 and EdDSA, which are all that are supported. */
  readonly algorithms?: readonly string[]
  /** Reads the key set: `nodeKeyFetcher()` or `webKeyFetcher({ allow })`. Keys of the kind `jwks` need none. */
  readonly fetcher?: KeyFetcher
  /** Receives errors of the key set and of these functions. Default: they are ignored. */
  readonly onError?: (error: unknown) => void
  /** Clock, for tests. */
  readonly ports?: Partial<ConnectionPorts>
}

const supported: readonly string[] = ['RS256', 'PS256', 'ES256', 'EdDSA']
const longestLife = 86_400

/**
 * Authenticates access tokens (JWTs) of an authorization server that the host has already. A token without a tenant is
 * refused. Throws a TypeError for an option that would accept every token.
 * @example
 * ```ts
 * import { jwt } from '@scimkit/connections'
 * import { nodeKeyFetcher } from '@scimkit/connections/node'
 *
 * const issuer = 'https://login.example'
 * const authenticate = jwt({
 *   issuer,
 *   audience: 'https://app.example/scim',
 *   keys: { kind: 'issuer', issuer },
 *   tenant: ({ tenant }) => (typeof tenant === 'string' ? tenant : undefined),
 *   fetcher: nodeKeyFetcher(),
 * })
 * ```
 */
export function jwt(options: JwtOptions): Authenticator {
  const { issuer, keys, tenant, scopes = scopesIn, principal = principalIn, algorithms = supported } = options
  const audiences = typeof options.audience === 'string' ? [options.audience] : options.audience
  checkOptions(options, audiences, algorithms)
  const ports = { ...connectionPorts, ...options.ports }
  const onError = options.onError ?? (() => undefined)
  const sets = keySets(options.fetcher ?? noFetcher, ports, { onError })

  const claimsOf = async (text: string): Promise<JwtClaims | undefined> => {
    const parsed = parseJwt(text, accessTokenTypes)
    if (parsed === undefined || !algorithms.includes(parsed.algorithm)) return undefined
    const { claims } = parsed
    // Before the key is looked up: a token of another issuer causes no read of the key set.
    if (claims.iss !== issuer || !isAudience(claims.aud, audiences)) return undefined
    if (checkTimes(claims, ports.now(), longestLife) !== undefined) return undefined
    const key = await sets.find(keys, parsed.kid, parsed.algorithm)
    if (key === undefined || !(await hasValidSignature(text, key, parsed.algorithm))) return undefined
    return claims
  }

  const authenticate = async (request: AuthenticationRequest): Promise<Access | undefined> => {
    const sent = bearerCredentials(request.header('authorization'))
    const claims = sent === undefined ? undefined : await claimsOf(sent)
    if (claims === undefined) return undefined
    try {
      const name = tenant(claims)
      const caller = principal(claims)
      if (name === undefined) return undefined
      return { tenant: tenantId(name), scopes: scopes(claims), ...(caller !== undefined && { principal: caller }) }
    } catch (error) {
      onError(error)
      return undefined
    }
  }
  return Object.assign(authenticate, { schemes: [bearerScheme] })
}

function checkOptions(options: JwtOptions, audiences: readonly string[], algorithms: readonly string[]): void {
  if (typeof options.issuer !== 'string' || options.issuer === '') throw new TypeError('jwt: issuer is required')
  if (
    !Array.isArray(audiences) ||
    audiences.length === 0 ||
    !audiences.every((one) => typeof one === 'string' && one !== '')
  ) {
    throw new TypeError('jwt: audience is required')
  }
  if (typeof options.tenant !== 'function') throw new TypeError('jwt: tenant must be a function of the claims')
  if (algorithms.length === 0 || !algorithms.every((algorithm) => supported.includes(algorithm))) {
    throw new TypeError(`jwt: algorithms: expected some of ${supported.join(', ')}`)
  }
  if (options.keys?.kind !== 'jwks' && options.fetcher === undefined) {
    throw new TypeError('jwt: fetcher is required for keys that are read from a URL')
  }
}

const noFetcher: KeyFetcher = async () => {
  throw new Error('No function reads key sets: the option fetcher is missing.')
}

function scopesIn({ scope }: JwtClaims): readonly string[] {
  return typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : []
}

function principalIn({ azp, client_id, sub }: JwtClaims): string | undefined {
  return [azp, client_id, sub].find((name) => typeof name === 'string' && name !== '') as string | undefined
}
