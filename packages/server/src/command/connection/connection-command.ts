/**
 * The command `connection`: the connections of identity providers, in the database of a server that may be running. A
 * secret is written to stdout once; everything else that people read goes to stderr.
 */
import { Command } from 'commander'
import type { Terminal } from '../../terminal/terminal.js'
import type { ConnectionRun } from './connection-run.js'
import { createCommand } from './create-command.js'
import { revokeCommand, rotateCommand, secretCommand, tokenCommand } from './credential-commands.js'
import { listCommand, showCommand, testCommand } from './read-commands.js'
import { decommissionCommand, resumeCommand, suspendCommand } from './state-commands.js'

const commands = [
  createCommand,
  listCommand,
  showCommand,
  testCommand,
  tokenCommand,
  secretCommand,
  rotateCommand,
  revokeCommand,
  suspendCommand,
  resumeCommand,
  decommissionCommand,
] as const

/** The command and its own commands; `file` is the default database. */
export function connectionCommand(file: string, terminal: Terminal): Command {
  const run: ConnectionRun = { file, terminal }
  const program = new Command('connection').description(
    'The connections of identity providers: their tokens, client secrets and states. Works beside a running server on the same database.',
  )
  for (const make of commands) program.addCommand(make(run))
  return program
}
