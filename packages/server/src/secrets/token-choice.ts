/** Which clients are accepted, by which token. */
import { type Authenticator, bearerToken, noAuthentication } from '@scimkit/core'
import type { Facts } from '@scimkit/sql-provider'
import { ensureToken, storedToken, type TokenResult } from './stored-token.js'

/** The clients that are accepted: all, those with the token of the flags, or those with the token of the server. */
export type TokenChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'given'; readonly token: string }
  | { readonly kind: 'own'; readonly another: boolean }

/** The state of the token once the server runs, for the output. */
export type TokenState = Exclude<TokenChoice, { kind: 'own' }> | TokenResult

/** The authenticator that the core calls for each request. */
export function authenticatorFor(tokenChoice: TokenChoice, facts: Facts, tenant: string): Authenticator {
  switch (tokenChoice.kind) {
    case 'none':
      return noAuthentication({ tenant })
    case 'given':
      return bearerToken(tokenChoice.token, { tenant })
    case 'own':
      return storedToken(facts, { tenant })
  }
}

/** Ensures that a token exists, unless none is needed. */
export async function prepareToken(tokenChoice: TokenChoice, facts: Facts): Promise<TokenState> {
  return tokenChoice.kind === 'own' ? ensureToken(facts, tokenChoice.another) : tokenChoice
}
