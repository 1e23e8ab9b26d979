import { clientSecretIdIn, tokenIdIn } from '@scimkit/connections'
import { Command } from 'commander'
import { parseDuration } from '../flag-values.js'
import {
  addAudience,
  addConnectionFlags,
  addExpires,
  addScopes,
  type ConnectionFlags,
  type CredentialFlags,
  credentialIn,
} from './connection-flags.js'
import { anyTenant, type ConnectionRun, inStore, print, printIssued, targetIn } from './connection-run.js'

/** The command `connection token`. */
export function tokenCommand(run: ConnectionRun): Command {
  const command = new Command('token').description('Add a token and print it; the others remain valid.')
  addExpires(addConnectionFlags(command.argument('<id>'), anyTenant), 'token')
  addScopes(command, 'within those of the connection (default: all of them)')
  addAudience(command)
  return command.action(async (id: string, flags: CredentialFlags) => {
    const issued = await inStore(run, flags, command, (connections) => connections.createToken(id, credentialIn(flags)))
    printIssued(run, flags, issued, 'token')
  })
}

/** The command `connection secret`. */
export function secretCommand(run: ConnectionRun): Command {
  const command = new Command('secret').description('Add a client secret and print it; the others remain valid.')
  addExpires(addConnectionFlags(command.argument('<id>'), anyTenant), 'client secret')
  return command.action(async (id: string, flags: CredentialFlags) => {
    const issued = await inStore(run, flags, command, (connections) =>
      connections.createSecret(id, credentialIn(flags)),
    )
    printIssued(run, flags, issued, 'client secret')
  })
}

interface RotateFlags extends CredentialFlags {
  readonly secret?: true
  /** Milliseconds. */
  readonly grace?: number
}

/** The command `connection rotate`. */
export function rotateCommand(run: ConnectionRun): Command {
  const command = new Command('rotate').description(
    'Add a token and print it; all others for the same endpoint end after a grace period.',
  )
  addAudience(command)
  addExpires(addConnectionFlags(command.argument('<id>'), anyTenant), 'new one')
    .option('--secret', 'rotate the client secrets instead')
    .option('--grace <duration>', 'how long the others remain valid; 0 ends them at once (default: 24h)', parseDuration)
  return command.action(async (id: string, flags: RotateFlags) => {
    const { secret = false, grace } = flags
    if (secret && flags.audience !== undefined) command.error('error: --audience cannot be used with --secret.')
    const settings = { ...credentialIn(flags), ...(grace !== undefined && { graceMilliseconds: grace }) }
    const issued = await inStore(run, flags, command, (connections) =>
      secret ? connections.rotateSecret(id, settings) : connections.rotate(id, settings),
    )
    printIssued(run, flags, issued, secret ? 'client secret' : 'token')
  })
}

// The length of the public id of a client secret; that of a token is another one.
const secretIdLength = 12

/** The command `connection revoke`. */
export function revokeCommand(run: ConnectionRun): Command {
  const command = new Command('revoke').description('End a token or client secret, by its public id or by its text.')
  addConnectionFlags(command.argument('<id>').argument('<credential>'), anyTenant)
  return command.action(async (id: string, text: string, flags: ConnectionFlags) => {
    const secret = clientSecretIdIn(text) ?? (text.length === secretIdLength ? text : undefined)
    const token = tokenIdIn(text) ?? text
    await inStore(run, flags, command, (connections) =>
      secret === undefined
        ? connections.revokeToken(id, token, targetIn(flags))
        : connections.revokeSecret(id, secret, targetIn(flags)),
    )
    print(flags, { connection: id, revoked: secret ?? token }, () => '')
    if (flags.json !== true) run.terminal.say(`Revoked ${secret ?? token}; it ends in every process within a second.`)
  })
}
