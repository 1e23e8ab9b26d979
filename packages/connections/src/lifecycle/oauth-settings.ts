/** The OAuth settings that a host passes, checked, as a record. Key sets and claims are checked again when they are used. */
import type { FederatedTrustRecord, KeySource, OAuthClientRecord } from '../records/connection.js'
import { invalid } from './check-values.js'

/** How a connection obtains access tokens: by client secrets, by assertions that it signs, or by those of another issuer. */
export interface OAuthSettings {
  /** Where the public keys of its own assertions are (RFC 7523). Default: it has none. */
  readonly keys?: KeySource | undefined
  /** Signature algorithms. Default: RS256, PS256, ES256 and EdDSA. */
  readonly algorithms?: readonly string[] | undefined
  /** Assertions of another issuer, such as Entra workload identity federation. Default: none. */
  readonly trust?: FederatedTrustRecord | undefined
  /** Life of access tokens: 3,600 (default) to 21,600 seconds. */
  readonly accessTokenSeconds?: number | undefined
}

/** The signature algorithms that assertions may have: none with a shared secret, and not `none`. */
export const assertionAlgorithms: readonly string[] = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** The record of these settings, without secrets. Throws a ConnectionError that names the setting. */
export function oauthRecord(settings: OAuthSettings): OAuthClientRecord {
  const { keys, algorithms = assertionAlgorithms, trust, accessTokenSeconds = 3600 } = settings
  if (!Array.isArray(algorithms) || algorithms.length === 0) throw invalid('algorithms: at least one is required.')
  for (const algorithm of algorithms) {
    if (!assertionAlgorithms.includes(algorithm)) {
      throw invalid(`algorithms: expected some of ${assertionAlgorithms.join(', ')}.`)
    }
  }
  if (!Number.isInteger(accessTokenSeconds) || accessTokenSeconds < 3600 || accessTokenSeconds > 21_600) {
    throw invalid('accessTokenSeconds must be a whole number from 3600 to 21600.')
  }
  return {
    secrets: [],
    keys: keys && checkedKeys('keys', keys),
    algorithms: [...new Set(algorithms)],
    trust: trust && checkedTrust(trust),
    accessTokenSeconds,
  }
}

function checkedTrust(trust: FederatedTrustRecord): FederatedTrustRecord {
  const { issuer, audiences, subject, objectId, applicationId, tenantId, keys } = trust
  for (const [name, text] of Object.entries({ issuer, subject })) {
    if (!isText(text)) throw invalid(`trust.${name}: a text is required.`)
  }
  for (const [name, text] of Object.entries({ objectId, applicationId, tenantId })) {
    if (text !== undefined && !isText(text)) throw invalid(`trust.${name}: expected a text, or nothing.`)
  }
  if (!Array.isArray(audiences) || audiences.length === 0 || audiences.length > 20 || !audiences.every(isText)) {
    throw invalid('trust.audiences: 1 to 20 texts are required.')
  }
  return { issuer, audiences, subject, objectId, applicationId, tenantId, keys: checkedKeys('trust.keys', keys) }
}

function checkedKeys(name: string, keys: KeySource): KeySource {
  switch (keys?.kind) {
    case 'jwks':
      if (!Array.isArray(keys.keys) || keys.keys.length === 0) throw invalid(`${name}: the key set has no keys.`)
      return { kind: 'jwks', keys: keys.keys.map((key) => publicKey(name, key)) }
    case 'jwksUrl':
      return { kind: 'jwksUrl', url: checkedUrl(name, keys.url) }
    case 'issuer':
      return { kind: 'issuer', issuer: checkedUrl(name, keys.issuer) }
    default:
      throw invalid(`${name}: expected the kind jwks, jwksUrl or issuer.`)
  }
}

// A private key that was pasted must not be stored, and a shared secret is no public key.
function publicKey(name: string, key: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (typeof key !== 'object' || key === null || Array.isArray(key)) throw invalid(`${name}: a key is not an object.`)
  if ('d' in key || 'k' in key) throw invalid(`${name}: a key has private parts; use the public key set.`)
  return key
}

// http is accepted for addresses of this machine only; the fetcher of key sets decides again.
function checkedUrl(name: string, text: string): string {
  const url = isText(text) && URL.canParse(text) ? new URL(text) : undefined
  const isLocal = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url === undefined || !(url.protocol === 'https:' || (isLocal && url.protocol === 'http:'))) {
    throw invalid(`${name}: a URL with https is required.`)
  }
  if (url.username !== '' || url.password !== '') throw invalid(`${name}: the URL must not contain credentials.`)
  return text
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 2_000
}
