/** New credentials, as records and as the host shows them once. */
import type { ConnectionPorts } from '../ports.js'
import type { ConnectionRecord, SecretRecord, TokenAudience, TokenRecord } from '../records/connection.js'
import { newClientSecret, newToken } from '../tokens/credential.js'
import { readScope, scopesWithin } from '../tokens/scopes.js'
import { checkedAudience, checkedExpiry, checkedScopes, invalid } from './check-values.js'
import { type IssuedSecret, type IssuedToken, secretView, tokenView } from './views.js'

/** The settings of a new token. */
export interface TokenSettings {
  /** The endpoint that accepts it: SCIM, or that of tools for agents. Default `scim`. */
  readonly audience?: TokenAudience | undefined
  /** When it ends, in milliseconds since 1970. Default: it has no end. */
  readonly expires?: number | undefined
  /** Scopes within those of the connection. Default: all of them. */
  readonly scopes?: readonly string[] | undefined
}

/** The settings of a new client secret. */
export interface SecretSettings {
  /** When it ends, in milliseconds since 1970. Default: it has no end. */
  readonly expires?: number | undefined
}

/** A new static token of a connection. Throws a ConnectionError for scopes that the connection does not have. */
export async function issueToken(
  connection: Pick<ConnectionRecord, 'id' | 'tenant' | 'scopes'>,
  settings: TokenSettings,
  ports: ConnectionPorts,
): Promise<{ readonly record: TokenRecord; readonly issued: IssuedToken }> {
  const now = ports.now()
  const scopes = checkedScopes(settings.scopes ?? connection.scopes)
  if (scopesWithin(scopes, connection.scopes).length < scopes.length || widens(scopes, connection.scopes)) {
    throw invalid('scopes: a token cannot have a scope that its connection does not have.')
  }
  const { id, text, digest } = await newToken(ports)
  const record: TokenRecord = {
    id,
    connection: connection.id,
    tenant: connection.tenant,
    issued: 'static',
    audience: checkedAudience(settings.audience ?? 'scim'),
    digest,
    scopes,
    created: new Date(now).toISOString(),
    expires: checkedExpiry(settings.expires, now),
  }
  return { record, issued: { ...tokenView(record), text } }
}

/** A new client secret. */
export async function issueSecret(
  settings: SecretSettings,
  ports: ConnectionPorts,
): Promise<{ readonly record: SecretRecord; readonly issued: IssuedSecret }> {
  const now = ports.now()
  const expires = checkedExpiry(settings.expires, now)
  const { id, text, digest } = await newClientSecret(ports)
  const record: SecretRecord = { id, digest, created: new Date(now).toISOString(), expires }
  return { record, issued: { ...secretView(record), text } }
}

// `scim` under a connection with `scim.read` is reduced when it is used; a new token must not have it.
function widens(scopes: readonly string[], limit: readonly string[]): boolean {
  return scopes.some((scope) => scope !== readScope && !limit.includes(scope))
}
