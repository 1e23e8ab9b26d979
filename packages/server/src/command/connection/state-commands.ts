import type { Connections, UsersChoice } from '@scimkit/connections'
import { createScim } from '@scimkit/core'
import { Command, Option } from 'commander'
import { wholeNumber } from '../flag-values.js'
import { addConnectionFlags, type ConnectionFlags } from './connection-flags.js'
import { anyTenant, type ConnectionRun, inStore, print, targetIn } from './connection-run.js'

/** The command `connection suspend`. */
export function suspendCommand(run: ConnectionRun): Command {
  const command = new Command('suspend').description('Accept no credentials of a connection until it is resumed.')
  return changing(run, command, 'suspend')
}

/** The command `connection resume`. */
export function resumeCommand(run: ConnectionRun): Command {
  const command = new Command('resume').description('Accept the credentials of a suspended connection again.')
  return changing(run, command, 'resume')
}

function changing(run: ConnectionRun, command: Command, change: keyof Connections & ('suspend' | 'resume')): Command {
  return addConnectionFlags(command.argument('<id>'), anyTenant).action(async (id: string, flags: ConnectionFlags) => {
    const connection = await inStore(run, flags, command, (connections) => connections[change](id, targetIn(flags)))
    print(flags, connection, () => '')
    if (flags.json !== true) run.terminal.say(`Connection ${connection.id} is ${connection.state}.`)
  })
}

interface DecommissionFlags extends ConnectionFlags {
  readonly users: UsersChoice
  readonly allUsers?: true
}

/** The command `connection decommission`. The users are changed here; a server on the database may run meanwhile. */
export function decommissionCommand(run: ConnectionRun): Command {
  const command = new Command('decommission').description(
    'End a connection: all of its credentials at once, then its users in portions. After an interruption, run it again.',
  )
  addConnectionFlags(command.argument('<id>'), anyTenant)
    .addOption(
      new Option('--users <choice>', 'what happens to the users of the tenant')
        .choices(['keep', 'deactivate', 'remove'])
        .makeOptionMandatory(),
    )
    .option('--all-users', 'change the users also if the tenant has another connection')
    .option('--history <versions>', 'the same as that of the servers on the database', wholeNumber(0, 1_000), 20)
  return command.action(async (id: string, flags: DecommissionFlags) => {
    const { users, allUsers = false } = flags
    const result = await inStore(run, flags, command, (connections, { provider }) => {
      const scim = createScim({ provider, authenticate: () => undefined })
      return connections.decommission(id, { users, allUsers, scim, ...targetIn(flags) })
    })
    print(flags, result, () => '')
    if (flags.json !== true) {
      run.terminal.say(`Connection ${id} is ${result.connection.state}; ${result.changed} users changed.`)
      for (const failed of result.failed) run.terminal.say(`User ${failed.id} was not changed: ${failed.reason}`)
    }
    if (result.failed.length > 0) process.exitCode = 1
  })
}
