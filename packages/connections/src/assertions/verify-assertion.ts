/** Verifies the assertion of a client at the token endpoint. @see RFC 7521 §4.2, RFC 7523 §3 */
import type { KeySets } from '../key-sets/key-sets.js'
import type { ConnectionRecord, KeySource } from '../records/connection.js'
import type { AssertionReason } from './assertion-reason.js'
import { type ClaimsContext, checkOwnClaims, checkTrustClaims, leeway } from './check-claims.js'
import { decoyKey } from './decoy-keys.js'
import type { ParsedJwt } from './parse-jwt.js'
import { hasValidSignature } from './verify-signature.js'

/** The result of a verification. */
export type AssertionCheck =
  | { readonly kind: 'accepted'; readonly used: UsedAssertion | undefined }
  | { readonly kind: 'rejected'; readonly reason: AssertionReason }

/** An assertion that must not be accepted again. */
export interface UsedAssertion {
  readonly jti: string
  /** Milliseconds since 1970 after which it is refused anyway. */
  readonly expires: number
}

/** What an assertion is compared with. */
export interface AssertionContext extends ClaimsContext {
  readonly keySets: KeySets
  /** The issuer and the URL of the token endpoint. */
  readonly audiences: readonly string[]
}

/**
 * Whether a client has signed this assertion, or the issuer that it trusts. `client` undefined: none has the id; then
 * a signature is verified all the same, so that the duration does not show it.
 */
export async function verifyAssertion(
  jwt: ParsedJwt,
  client: ConnectionRecord | undefined,
  context: AssertionContext,
): Promise<AssertionCheck> {
  const { oauth } = client ?? {}
  const isOwn = client !== undefined && jwt.claims.iss === client.id
  const source: KeySource | undefined = isOwn ? oauth?.keys : oauth?.trust?.keys
  const isPermitted = oauth?.algorithms.includes(jwt.algorithm) === true
  const key =
    source === undefined || !isPermitted ? undefined : await context.keySets.find(source, jwt.kid, jwt.algorithm)
  const isValid = await hasValidSignature(jwt.text, key ?? decoyKey(jwt.algorithm), jwt.algorithm)
  if (client === undefined || source === undefined) return rejected('assertion-issuer')
  if (!isPermitted) return rejected('assertion-algorithm')
  if (key === undefined) return rejected('assertion-key')
  if (!isValid) return rejected('assertion-signature')
  const reason = isOwn
    ? checkOwnClaims(jwt.claims, client.id, context.audiences, context)
    : oauth?.trust === undefined
      ? 'assertion-issuer'
      : checkTrustClaims(jwt.claims, oauth.trust, context)
  return reason === undefined ? { kind: 'accepted', used: usedOf(jwt) } : rejected(reason)
}

function usedOf({ claims: { jti, exp } }: ParsedJwt): UsedAssertion | undefined {
  if (typeof jti !== 'string' || typeof exp !== 'number') return undefined
  return { jti, expires: Math.ceil((exp + leeway) * 1_000) }
}

function rejected(reason: AssertionReason): AssertionCheck {
  return { kind: 'rejected', reason }
}
