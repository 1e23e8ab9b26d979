/**
 * Tokens that were accepted a short time ago, as they were sent: for the same text no digest is computed again. Their
 * records are still checked for each request, and a text is kept no longer than the record of its token.
 */
import { type Access, tenantId } from '@scimkit/core'
import type { ConnectionPorts } from '../ports.js'
import type { ConnectionRecord, TokenAudience, TokenRecord } from '../records/connection.js'
import { tokenIdAt } from '../tokens/credential.js'
import { equalTexts } from '../tokens/digest.js'
import { scopesWithin } from '../tokens/scopes.js'
import { checkToken, type TokenCheck } from './check-token.js'
import type { RecordCache } from './record-cache.js'

/** The accepted tokens of one authenticator. */
export interface AcceptedTokens {
  /** What a token with exactly this text gives access to, if it is accepted now for `tenant`. Undefined decides nothing. */
  find(text: string, tenant: string | undefined): Access | undefined
  /** Keeps the text of a token that was accepted. The result is what it gives access to. */
  add(text: string, check: TokenCheck & { readonly kind: 'accepted' }): Access
}

/** The endpoint that accepts the tokens, where they have their records, and the clock. */
export interface AcceptedTokenParts {
  readonly audience: TokenAudience
  readonly tokens: RecordCache<TokenRecord>
  readonly connections: RecordCache<ConnectionRecord>
  readonly ports: Pick<ConnectionPorts, 'now'>
}

interface Accepted {
  readonly text: string
  readonly connection: ConnectionRecord
  readonly access: Access
}

/** Accepted tokens, none at first. */
export function acceptedTokens({ audience, tokens, connections, ports }: AcceptedTokenParts): AcceptedTokens {
  const texts = new WeakMap<TokenRecord, Accepted>()
  return {
    find: (text, tenant) => {
      const token = tokens.kept(tokenIdAt(text))
      const known = token && texts.get(token)
      if (token === undefined || known === undefined || !equalTexts(text, known.text)) return undefined
      // A record that was read again may have other scopes.
      if (connections.kept(token.connection) !== known.connection) return undefined
      const { kind } = checkToken(token, known.connection, {
        digest: token.digest,
        now: ports.now(),
        audience,
        tenant,
      })
      return kind === 'accepted' ? known.access : undefined
    },
    add: (text, { token, connection }) => {
      const access: Access = Object.freeze({
        tenant: tenantId(connection.tenant),
        principal: `connection:${connection.id}`,
        scopes: Object.freeze(scopesWithin(token.scopes, connection.scopes)),
      })
      texts.set(token, { text, connection, access })
      return access
    },
  }
}
