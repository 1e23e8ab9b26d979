/** Checks of the values that a host passes. Each throws a ConnectionError that names the value. */
import { tenantId } from '@scimkit/core'
import type { TokenAudience } from '../records/connection.js'
import { isScope } from '../tokens/scopes.js'
import { ConnectionError } from './connection-error.js'

/** The name of a tenant, which only the core decides about. */
export function checkedTenant(name: string): string {
  try {
    return tenantId(name)
  } catch (error) {
    throw error instanceof TypeError ? invalid(error.message) : error
  }
}

/** A name for people: 1 to 200 characters without control characters. */
export function checkedName(name: string): string {
  const isText = typeof name === 'string' && name.trim() !== '' && name.length <= 200
  if (!isText || hasControl(name)) {
    throw invalid('The name of a connection needs 1 to 200 characters, without control characters.')
  }
  return name
}

/** 1 to 20 scopes, without repetitions. */
export function checkedScopes(scopes: readonly string[]): readonly string[] {
  if (!Array.isArray(scopes) || scopes.length === 0 || scopes.length > 20) {
    throw invalid('1 to 20 scopes are required, such as scim or scim.read.')
  }
  if (!scopes.every((scope) => typeof scope === 'string' && isScope(scope))) {
    throw invalid('A scope is visible ASCII text without quotation mark and backslash (RFC 6749 §3.3).')
  }
  return [...new Set(scopes)]
}

/** An end in the future, in milliseconds since 1970; undefined: no end. */
export function checkedExpiry(expires: number | undefined, now: number): number | undefined {
  if (expires === undefined) return undefined
  if (!Number.isSafeInteger(expires) || expires <= now) {
    throw invalid('expires must be a time in the future, in milliseconds since 1970.')
  }
  return expires
}

/** The endpoint that a token is for. */
export function checkedAudience(audience: TokenAudience): TokenAudience {
  if (audience !== 'scim' && audience !== 'mcp') throw invalid('audience must be scim or mcp.')
  return audience
}

/** A duration in milliseconds, 0 or more. */
export function checkedGrace(milliseconds: number): number {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 0 || milliseconds > 400 * 86_400_000) {
    throw invalid('graceMilliseconds must be a whole number from 0 to 400 days.')
  }
  return milliseconds
}

/** The error for a value that is not accepted. */
export function invalid(message: string): ConnectionError {
  return new ConnectionError('invalid', message)
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return true
  }
  return false
}
