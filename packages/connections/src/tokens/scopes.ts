/** Scopes: what a connection permits at most, and what a token of it permits now. @see RFC 6749 §3.3 */

/** Permits every operation. */
export const fullScope = 'scim'

/** Permits operations that change nothing. */
export const readScope = 'scim.read'

/** True for a scope of RFC 6749 §3.3: visible ASCII without quotation mark and backslash. */
export function isScope(text: string): boolean {
  if (text.length === 0 || text.length > 100) return false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x21 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false
  }
  return true
}

/**
 * The scopes of a token within those of its connection, which may have been reduced since the token was made. `scim`
 * includes `scim.read`. The result may be empty: then the token permits nothing.
 */
export function scopesWithin(scopes: readonly string[], limit: readonly string[]): readonly string[] {
  const isWithin = (scope: string): boolean =>
    limit.includes(scope) || (scope === readScope && limit.includes(fullScope))
  const within = scopes.filter(isWithin)
  const readsOnly = scopes.includes(fullScope) && !within.includes(fullScope)
  return readsOnly && isWithin(readScope) && !within.includes(readScope) ? [...within, readScope] : within
}
