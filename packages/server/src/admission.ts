import { type Authenticator, bearerToken, noAuthentication } from '@scimkit/core'
import type { Facts } from '@scimkit/sql-provider'
import type { Command } from 'commander'
import { keptToken, settleToken, type TokenNews } from './kept-token.js'
import { isLoopback } from './loopback.js'
import { tokenProblem } from './token.js'

/** The flags that say who is let in. */
export interface AdmissionFlags {
  readonly token?: string
  readonly newToken: boolean
  readonly auth: boolean
  readonly allowRemoteWithoutAuth: boolean
  /** The address that the server listens on. */
  readonly host: string
}

/** Who is let in: everybody, whoever has the token that was given, or whoever has the one that the server has made. */
export type Admission =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'given'; readonly token: string }
  | { readonly kind: 'own'; readonly another: boolean }

/** What there is to tell about the token once the server runs. */
export type TokenState = Exclude<Admission, { kind: 'own' }> | TokenNews

/** What the flags say. Ends the command with a usage error if they make no sense, or the token will not do. */
export function admissionFor(flags: AdmissionFlags, command: Command): Admission {
  const { auth, token, newToken, allowRemoteWithoutAuth, host } = flags
  const onCommandLine = command.getOptionValueSource('token') === 'cli'
  if (!auth) {
    if (onCommandLine) command.error('error: --token or --no-auth, not both.')
    if (newToken) command.error('error: --new-token or --no-auth, not both.')
    if (!isLoopback(host) && !allowRemoteWithoutAuth) {
      command.error(
        `error: --no-auth with --host ${host}: whoever reaches that address could read and change everything. Use a loopback address such as 127.0.0.1, or add --allow-remote-without-auth.`,
      )
    }
    return { kind: 'everybody' }
  }
  if (allowRemoteWithoutAuth) command.error('error: --allow-remote-without-auth is for --no-auth only.')
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
