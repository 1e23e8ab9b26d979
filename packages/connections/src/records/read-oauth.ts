/** The OAuth settings of a connection, read from stored JSON. One invalid part makes the whole record invalid. */
import type { FederatedTrustRecord, KeySource, OAuthClientRecord, SecretRecord } from './connection.js'
import { asCount, asList, asObject, asText, optional } from './fields.js'

/** Undefined if a part is missing or has another form. */
export function readOAuth(value: unknown): OAuthClientRecord | undefined {
  const fields = asObject(value)
  if (fields === undefined) return undefined
  const secrets = asList(fields.secrets, readSecret)
  const keys = optional(fields.keys, readKeySource)
  const algorithms = asList(fields.algorithms, asText)
  const trust = optional(fields.trust, readTrust)
  const accessTokenSeconds = asCount(fields.accessTokenSeconds, 1)
  if (secrets === undefined || !keys.valid || algorithms === undefined || !trust.valid) return undefined
  if (accessTokenSeconds === undefined) return undefined
  return { secrets, keys: keys.value, algorithms, trust: trust.value, accessTokenSeconds }
}

function readSecret(value: unknown): SecretRecord | undefined {
  const fields = asObject(value)
  if (fields === undefined) return undefined
  const id = asText(fields.id)
  const digest = asText(fields.digest)
  const created = asText(fields.created)
  const expires = optional(fields.expires, (time) => asCount(time, 0))
  if (id === undefined || digest === undefined || created === undefined || !expires.valid) return undefined
  return { id, digest, created, expires: expires.value }
}

function readKeySource(value: unknown): KeySource | undefined {
  const fields = asObject(value)
  switch (fields?.kind) {
    case 'jwks': {
      const keys = asList(fields.keys, asObject)
      return keys === undefined ? undefined : { kind: 'jwks', keys }
    }
    case 'jwksUrl': {
      const url = asText(fields.url)
      return url === undefined ? undefined : { kind: 'jwksUrl', url }
    }
    case 'issuer': {
      const issuer = asText(fields.issuer)
      return issuer === undefined ? undefined : { kind: 'issuer', issuer }
    }
    default:
      return undefined
  }
}

function readTrust(value: unknown): FederatedTrustRecord | undefined {
  const fields = asObject(value)
  if (fields === undefined) return undefined
  const issuer = asText(fields.issuer)
  const audiences = asList(fields.audiences, asText)
  const subject = asText(fields.subject)
  const objectId = optional(fields.objectId, asText)
  const applicationId = optional(fields.applicationId, asText)
  const tenantId = optional(fields.tenantId, asText)
  const keys = readKeySource(fields.keys)
  if (issuer === undefined || audiences === undefined || audiences.length === 0 || subject === undefined)
    return undefined
  if (!objectId.valid || !applicationId.valid || !tenantId.valid || keys === undefined) return undefined
  return {
    issuer,
    audiences,
    subject,
    objectId: objectId.value,
    applicationId: applicationId.value,
    tenantId: tenantId.value,
    keys,
  }
}
