import type { Command } from 'commander'
import { tokenProblem } from '../secrets/token.js'
import type { TokenChoice } from '../secrets/token-choice.js'
import { isLoopback } from './loopback.js'

/** The flags that decide which clients are accepted. */
export interface TokenFlags {
  readonly token?: string
  readonly newToken: boolean
  readonly auth: boolean
  readonly allowRemoteWithoutAuth: boolean
  /** The address that the server listens on. */
  readonly host: string
}

/** Parses the flags. Ends the command with a usage error if they exclude each other or the token is not accepted. */
export function chosenToken(flags: TokenFlags, command: Command): TokenChoice {
  const { auth, token, newToken, allowRemoteWithoutAuth, host } = flags
  const onCommandLine = command.getOptionValueSource('token') === 'cli'
  if (!auth) {
    if (onCommandLine) command.error('error: --token cannot be used with --no-auth.')
    if (newToken) command.error('error: --new-token cannot be used with --no-auth.')
    if (!isLoopback(host) && !allowRemoteWithoutAuth) {
      command.error(
        `error: --no-auth with --host ${host}: every client that reaches this address could read and change all users and groups. Use a loopback address such as 127.0.0.1, or add --allow-remote-without-auth.`,
      )
    }
    return { kind: 'none' }
  }
  if (allowRemoteWithoutAuth) command.error('error: --allow-remote-without-auth requires --no-auth.')
  if (token === undefined) return { kind: 'own', another: newToken }
  const from = onCommandLine ? '--token' : 'SCIMKIT_TOKEN'
  if (newToken) command.error(`error: --new-token cannot be used with ${from}.`)
  const problem = tokenProblem(token)
  if (problem !== undefined) command.error(`error: ${from}: ${problem}`)
  return { kind: 'given', token }
}
