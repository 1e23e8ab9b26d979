import type { Connection } from '@scimkit/connections'
import { Command } from 'commander'
import { addConnectionFlags, type ConnectionFlags } from './connection-flags.js'
import { anyTenant, type ConnectionRun, inStore, print, targetIn } from './connection-run.js'
import { connectionText, listText, statusText } from './connection-text.js'

/** The command `connection list`. */
export function listCommand(run: ConnectionRun): Command {
  const command = new Command('list').description('List the connections: id, state, tenant, scopes, name.')
  return addConnectionFlags(command, 'only those of this tenant').action(async (flags: ConnectionFlags) => {
    const all: Connection[] = []
    await inStore(run, flags, command, async (connections) => {
      let after: string | undefined
      do {
        const page = await connections.list({ ...targetIn(flags), after, count: 1_000 })
        all.push(...page.connections)
        after = page.next
      } while (after !== undefined)
    })
    print(flags, all, () => listText(all))
  })
}

/** The command `connection show`. */
export function showCommand(run: ConnectionRun): Command {
  const command = new Command('show').description('Show a connection with its tokens and client secrets.')
  return addConnectionFlags(command.argument('<id>'), anyTenant).action(async (id: string, flags: ConnectionFlags) => {
    const { connection, tokens } = await inStore(run, flags, command, (connections) =>
      connections.testConnection(id, targetIn(flags)),
    )
    print(flags, { ...connection, tokens }, () => connectionText(connection, tokens))
  })
}

/** The command `connection test`. */
export function testCommand(run: ConnectionRun): Command {
  const command = new Command('test').description(
    'Test a connection: which credentials are valid, until when, last use and last error. Exits with code 1 if it cannot be used.',
  )
  return addConnectionFlags(command.argument('<id>'), anyTenant).action(async (id: string, flags: ConnectionFlags) => {
    const status = await inStore(run, flags, command, (connections) => connections.testConnection(id, targetIn(flags)))
    print(flags, status, () => statusText(status))
    if (!status.usable) process.exitCode = 1
  })
}
