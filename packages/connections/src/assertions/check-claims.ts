/** The claims of assertions and JWTs, compared character by character. @see RFC 7523 §3 */
import type { FederatedTrustRecord } from '../records/connection.js'
import type { Fields } from '../records/fields.js'
import type { AssertionReason } from './assertion-reason.js'

/** Seconds by which clocks may differ. */
export const leeway = 60

const longestOwnLife = 3_600
const longestTrustLife = 86_400

/** What is known about the request. */
export interface ClaimsContext {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly requireJti: boolean
}

/**
 * The claims of an assertion that a client has signed itself: issuer and subject are the client. Undefined if they are
 * accepted. `audiences` are the issuer and the URL of this token endpoint.
 */
export function checkOwnClaims(
  claims: Fields,
  client: string,
  audiences: readonly string[],
  { now, requireJti }: ClaimsContext,
): AssertionReason | undefined {
  if (claims.iss !== client) return 'assertion-issuer'
  if (claims.sub !== client) return 'assertion-subject'
  if (!isAudience(claims.aud, audiences)) return 'assertion-audience'
  return checkTimes(claims, now, longestOwnLife) ?? checkJti(claims, requireJti)
}

/** The claims of an assertion that another issuer has signed for a client. Undefined if they are accepted. */
export function checkTrustClaims(
  claims: Fields,
  trust: FederatedTrustRecord,
  { now }: Pick<ClaimsContext, 'now'>,
): AssertionReason | undefined {
  if (claims.iss !== trust.issuer) return 'assertion-issuer'
  if (claims.sub !== trust.subject) return 'assertion-subject'
  if (!isAudience(claims.aud, trust.audiences)) return 'assertion-audience'
  if (trust.objectId !== undefined && claims.oid !== trust.objectId) return 'assertion-object'
  return (
    checkEntraTenant(claims, trust) ??
    checkApplication(claims, trust.applicationId) ??
    checkTimes(claims, now, longestTrustLife) ??
    checkJti(claims, false)
  )
}

/** Whether `aud` names only accepted audiences, one at least. */
export function isAudience(aud: unknown, accepted: readonly string[]): boolean {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  return named.length > 0 && named.every((one) => typeof one === 'string' && accepted.includes(one))
}

/** `exp` is required; `nbf` and `iat` are checked if they are there. `longest`: of its life, in seconds. */
export function checkTimes({ exp, nbf, iat }: Fields, now: number, longest: number): AssertionReason | undefined {
  const seconds = now / 1_000
  if (!isTime(exp) || exp + leeway <= seconds) return 'assertion-time'
  for (const start of [nbf, iat]) {
    if (start !== undefined && !(isTime(start) && start - leeway <= seconds)) return 'assertion-time'
  }
  // From now, since `iat` may be missing, and from `iat`, since an assertion may be nearly over.
  const begin = isTime(iat) ? Math.min(iat, seconds) : seconds
  return exp - begin > longest + leeway ? 'assertion-life' : undefined
}

function checkJti({ jti }: Fields, isRequired: boolean): AssertionReason | undefined {
  if (jti === undefined) return isRequired ? 'assertion-jti' : undefined
  return typeof jti === 'string' && jti !== '' ? undefined : 'assertion-jti'
}

// All tenants of Entra may share one key set, so a valid signature alone says nothing about the tenant.
function checkEntraTenant(claims: Fields, { issuer, tenantId }: FederatedTrustRecord): AssertionReason | undefined {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (tenantId === undefined && !entraHosts.includes(url?.hostname ?? '')) return undefined
  const [, tenantOfIssuer = ''] = (url?.pathname ?? '').split('/')
  if (typeof claims.tid !== 'string' || claims.tid !== tenantOfIssuer) return 'assertion-tenant'
  if (tenantId !== undefined && claims.tid !== tenantId) return 'assertion-tenant'
  const version = issuer.endsWith('/v2.0') ? '2.0' : '1.0'
  return claims.ver === version ? undefined : 'assertion-version'
}

const entraHosts: readonly string[] = [
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'sts.windows.net',
]

// Tokens of version 2.0 have `azp`, those of version 1.0 `appid`.
function checkApplication({ azp, appid }: Fields, expected: string | undefined): AssertionReason | undefined {
  if (expected === undefined) return undefined
  const named = [azp, appid].filter((one) => one !== undefined)
  return named.length > 0 && named.every((one) => one === expected) ? undefined : 'assertion-application'
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 1e12
}
