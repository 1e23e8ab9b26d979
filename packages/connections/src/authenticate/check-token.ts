/** Whether a token is accepted, from its record and that of its connection. */
import type { ConnectionRecord, TokenAudience, TokenRecord } from '../records/connection.js'
import { equalTexts } from '../tokens/digest.js'

/** Why credentials are refused. For the operator only: the client receives the same response for all of them. */
export type RejectionReason =
  /** The text is not a token of this server: another form, or a wrong checksum. */
  | 'malformed'
  /** No token has this id; it may have been revoked, or have expired long ago. */
  | 'unknown'
  /** The id exists, and the secret is another one. */
  | 'secret'
  | 'expired'
  /** The token is for the other endpoint: SCIM or the tools for agents. */
  | 'audience'
  /** The connection of the token does not exist, or one of the two records is not valid. */
  | 'connection'
  | 'suspended'
  | 'decommissioned'
  /** An access token whose client secret, keys or trust have been removed or replaced. */
  | 'ended'
  /** The address of the request belongs to another tenant. */
  | 'tenant'

/** The result of a check. */
export type TokenCheck =
  | { readonly kind: 'accepted'; readonly connection: ConnectionRecord; readonly token: TokenRecord }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason }

/** What the request has sent, and when. */
export interface SentToken {
  /** SHA-256 of the token, base64url. */
  readonly digest: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** The endpoint that received it. */
  readonly audience: TokenAudience
  /** The tenant of the address, as text; undefined: the address names none. */
  readonly tenant: string | undefined
}

// Compared where no token has the id, so that the work is the same.
const noDigest = '-'.repeat(43)

/** Decides about a token. All comparisons are made before the first decision. */
export function checkToken(
  token: TokenRecord | undefined,
  connection: ConnectionRecord | undefined,
  sent: SentToken,
): TokenCheck {
  const isEqual = equalTexts(sent.digest, token?.digest ?? noDigest)
  if (token === undefined) return rejected('unknown')
  if (!isEqual) return rejected('secret')
  if (token.expires !== undefined && token.expires <= sent.now) return rejected('expired')
  if (token.audience !== sent.audience) return rejected('audience')
  if (connection === undefined || connection.id !== token.connection || connection.tenant !== token.tenant) {
    return rejected('connection')
  }
  const reason = reasonOfState(connection) ?? reasonOfGrant(token, connection, sent.now)
  if (reason !== undefined) return rejected(reason)
  if (sent.tenant !== undefined && sent.tenant !== connection.tenant) return rejected('tenant')
  return { kind: 'accepted', connection, token }
}

function rejected(reason: RejectionReason): TokenCheck {
  return { kind: 'rejected', reason }
}

function reasonOfState({ state }: ConnectionRecord): RejectionReason | undefined {
  switch (state) {
    case 'active':
      return undefined
    case 'suspended':
      return 'suspended'
    case 'decommissioning':
    case 'decommissioned':
      return 'decommissioned'
  }
}

// A static token is valid while its record exists; an access token ends with what it was obtained with.
function reasonOfGrant(token: TokenRecord, connection: ConnectionRecord, now: number): RejectionReason | undefined {
  if (token.issued === 'static') return undefined
  if (connection.oauth === undefined || token.generation !== connection.generation) return 'ended'
  if (token.secret === undefined) return undefined
  const secret = connection.oauth.secrets.find(({ id }) => id === token.secret)
  return secret === undefined || (secret.expires !== undefined && secret.expires <= now) ? 'ended' : undefined
}
