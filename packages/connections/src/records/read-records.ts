/**
 * Records of the store as typed values. A record without tenant, connection, scopes or digest is invalid: it is
 * undefined, like a record that does not exist, so it authenticates no caller.
 */
import type { StoredRecord } from '@scimkit/core/provider'
import type { ConnectionRecord, ConnectionState, TokenAudience, TokenRecord, UseRecord } from './connection.js'
import { asCount, asList, asObject, asText, objectIn, optional } from './fields.js'
import { readOAuth } from './read-oauth.js'

/** A record, and the revision that a change of it must name. */
export interface Versioned<Record> {
  readonly record: Record
  readonly revision: number
}

/** The connection in a stored record of kind `connection`; undefined if it is invalid. */
export function connectionIn(stored: StoredRecord): Versioned<ConnectionRecord> | undefined {
  const fields = stored.kind === 'connection' ? objectIn(stored.value) : undefined
  if (fields === undefined) return undefined
  const tenant = ownTenant(stored, fields.tenant)
  const name = asText(fields.name)
  const state = asState(fields.state)
  const scopes = scopesIn(fields.scopes)
  const created = asText(fields.created)
  const oauth = optional(fields.oauth, readOAuth)
  const generation = asCount(fields.generation, 1)
  const tokens = asList(fields.tokens, asText)
  const users = optional(fields.users, asUsers)
  if (fields.id !== stored.id || tenant === undefined || name === undefined || state === undefined) return undefined
  if (scopes === undefined || created === undefined || !oauth.valid || generation === undefined) return undefined
  if (tokens === undefined || !users.valid) return undefined
  const { id, revision } = stored
  const record = {
    id,
    tenant,
    name,
    state,
    scopes,
    created,
    oauth: oauth.value,
    generation,
    tokens,
    users: users.value,
  }
  return { record, revision }
}

/** The token in a stored record of kind `token`; undefined if it is invalid. It may have expired. */
export function tokenIn(stored: StoredRecord): Versioned<TokenRecord> | undefined {
  const fields = stored.kind === 'token' ? objectIn(stored.value) : undefined
  if (fields === undefined) return undefined
  const tenant = ownTenant(stored, fields.tenant)
  const connection = asText(fields.connection)
  const issued = fields.issued === 'static' || fields.issued === 'oauth' ? fields.issued : undefined
  const audience = audienceIn(fields.audience)
  const digest = asText(fields.digest)
  const scopes = scopesIn(fields.scopes)
  const created = asText(fields.created)
  const expires = optional(fields.expires, (time) => asCount(time, 0))
  const generation = optional(fields.generation, (count) => asCount(count, 1))
  const secret = optional(fields.secret, asText)
  if (fields.id !== stored.id || tenant === undefined || connection === undefined) return undefined
  if (
    issued === undefined ||
    audience === undefined ||
    digest === undefined ||
    scopes === undefined ||
    created === undefined
  )
    return undefined
  if (!expires.valid || !generation.valid || !secret.valid || expires.value !== stored.expires) return undefined
  // An access token without an end, or without what ends it, is not one that the token endpoint has made.
  if (issued === 'oauth' && (expires.value === undefined || generation.value === undefined)) return undefined
  const record: TokenRecord = {
    id: stored.id,
    connection,
    tenant,
    issued,
    audience,
    digest,
    scopes,
    created,
    expires: expires.value,
    generation: generation.value,
    secret: secret.value,
  }
  return { record, revision: stored.revision }
}

/** The use in a stored record of kind `use`; undefined if it is invalid. */
export function useIn(stored: StoredRecord): Versioned<UseRecord> | undefined {
  const fields = stored.kind === 'use' ? objectIn(stored.value) : undefined
  if (fields === undefined) return undefined
  const lastUsed = optional(fields.lastUsed, asText)
  const lastError = optional(fields.lastError, (value) => {
    const error = asObject(value)
    const at = asText(error?.at)
    const reason = asText(error?.reason)
    return at === undefined || reason === undefined ? undefined : { at, reason }
  })
  if (!lastUsed.valid || !lastError.valid) return undefined
  return { record: { lastUsed: lastUsed.value, lastError: lastError.value }, revision: stored.revision }
}

// The tenant of the value and that of the stored record are one; a record of the whole server has none.
function ownTenant(stored: StoredRecord, value: unknown): string | undefined {
  return value === stored.tenant ? asText(value) : undefined
}

function audienceIn(value: unknown): TokenAudience | undefined {
  if (value === undefined) return 'scim'
  return value === 'scim' || value === 'mcp' ? value : undefined
}

function scopesIn(value: unknown): string[] | undefined {
  const scopes = asList(value, asText)
  return scopes === undefined || scopes.length === 0 ? undefined : scopes
}

const states: readonly unknown[] = ['active', 'suspended', 'decommissioning', 'decommissioned']

function asState(value: unknown): ConnectionState | undefined {
  return states.includes(value) ? (value as ConnectionState) : undefined
}

function asUsers(value: unknown): 'keep' | 'deactivate' | 'remove' | undefined {
  return value === 'keep' || value === 'deactivate' || value === 'remove' ? value : undefined
}
