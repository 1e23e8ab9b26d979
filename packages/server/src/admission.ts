import { type Authenticator, bearerToken, noAuthentication } from '@scimkit/core'
import type { Facts } from '@scimkit/sql-provider'
import type { Command } from 'commander'
import { keptToken, settleToken, type TokenNews } from './kept-token.js'
import { tokenProblem } from './token.js'

/** The flags that say who is let in. */
export interface AdmissionFlags {
  readonly token?: string
  readonly newToken: boolean
  readonly auth: boolean
}

/** Who is let in: everybody, whoever has the token that was given, or whoever has the one that the server has made. */
export type Admission =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'given'; readonly token: string }
  | { readonly kind: 'own'; readonly another: boolean }

/** What there is to tell about the token once the server runs. */
export type TokenState = Exclude<Admission, { kind: 'own' }> | TokenNews

/** What the flags say. Ends the command with a usage error if they make no sense, or the token will not do. */
export function admissionFor({ auth, token, newToken }: AdmissionFlags, command: Command): Admission {
  const onCommandLine = command.getOptionValueSource('token') === 'cli'
  if (!auth) {
    if (onCommandLine) command.error('error: --token or --no-auth, not both.')
    if (newToken) command.error('error: --new-token or --no-auth, not both.')
    return { kind: 'everybody' }
  }
  if (token === undefined) return { kind: 'own', another: newToken }
  const from = onCommandLine ? '--token' : 'SCIMKIT_TOKEN'
  if (newToken) command.error(`error: --new-token or ${from}, not both.`)
  const problem = tokenProblem(token)
  if (problem !== undefined) command.error(`error: ${from}: ${problem}`)
  return { kind: 'given', token }
}

/** What the core asks about each request. */
export function authenticatorFor(admission: Admission, facts: Facts, tenant: string): Authenticator {
  switch (admission.kind) {
    case 'everybody':
      return noAuthentication({ tenant })
    case 'given':
      return bearerToken(admission.token, { tenant })
    case 'own':
      return keptToken(facts, { tenant })
  }
}

/** Sees to it that there is a token to come in with. */
export async function openUp(admission: Admission, facts: Facts): Promise<TokenState> {
  return admission.kind === 'own' ? settleToken(facts, admission.another) : admission
}
