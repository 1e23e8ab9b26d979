/** What all commands about connections share: the store of their flags, and how results are printed. */
import type { Connections, IssuedSecret, IssuedToken } from '@scimkit/connections'
import type { Command } from 'commander'
import type { OpenStore } from '../../store/store.js'
import type { Terminal } from '../../terminal/terminal.js'
import type { ConnectionFlags } from './connection-flags.js'
import { withConnections } from './with-connections.js'

/** The default database, and the output for people. */
export interface ConnectionRun {
  readonly file: string
  readonly terminal: Terminal
}

/** Runs `work` with the connections of the store that the flags select. */
export function inStore<Result>(
  { file, terminal }: ConnectionRun,
  flags: ConnectionFlags,
  command: Command,
  work: (connections: Connections, store: OpenStore) => Promise<Result>,
): Promise<Result> {
  return withConnections({ flags, command, file, terminal }, work)
}

/** The description of `--tenant` where it restricts a command. */
export const anyTenant = 'refuse the connections of other tenants'

/** The tenant that a command is restricted to. */
export function targetIn({ tenant }: ConnectionFlags): { readonly tenant?: string } {
  return tenant === undefined ? {} : { tenant }
}

/** Writes a result to stdout, as text or as JSON. */
export function print(flags: ConnectionFlags, value: unknown, text: () => string): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(value)}\n` : text())
}

/** Writes a new credential to stdout, and what it is to stderr. */
export function printIssued(
  { terminal }: ConnectionRun,
  flags: ConnectionFlags,
  issued: IssuedToken | IssuedSecret,
  what: 'token' | 'client secret',
): void {
  print(flags, issued, () => `${issued.text}\n`)
  if (flags.json !== true) terminal.say(`Added ${what} ${issued.id}. It is shown once and cannot be printed again.`)
}
