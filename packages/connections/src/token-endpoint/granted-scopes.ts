/** The scopes of an access token. @see RFC 6749 §3.3 */
import { fullScope, scopesWithin } from '../tokens/scopes.js'

/** Other names of scopes: `{ 'api://app/.default': 'scim' }`. */
export type ScopeAliases = Readonly<Record<string, string>>

/**
 * What is asked for and allowed. Nothing asked for means `scim`, or all of a connection that does not have it; a name that is not known is ignored; an alias never
 * means more than the connection has. Undefined if nothing is left.
 */
export function grantedScopes(
  asked: string | undefined,
  allowed: readonly string[],
  aliases: ScopeAliases,
): readonly string[] | undefined {
  const names = (asked ?? '').split(' ').filter((name) => name !== '')
  const meant = names.map((name) => (Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name))
  if (meant.length === 0 && !allowed.includes(fullScope)) return allowed
  const granted = scopesWithin([...new Set(meant.length === 0 ? [fullScope] : meant)], allowed)
  return granted.length === 0 ? undefined : granted
}
