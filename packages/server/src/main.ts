import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { checkCommand } from './command/check-command.js'
import { connectionCommand } from './command/connection/connection-command.js'
import { cursorKeyCommand } from './command/cursor-key-command.js'
import { checkHosts } from './command/host-flag.js'
import { checkLimits } from './command/limit-flag.js'
import { mcpCommand } from './command/mcp-command.js'
import { migrateCommand } from './command/migrate-command.js'
import { type ServeFlags, serveCommand } from './command/serve-command.js'
import { chosenStore } from './command/store-flags.js'
import { tenantCommand } from './command/tenant-command.js'
import { checkRateLimit, chosenTenants } from './command/tenant-flags.js'
import { chosenToken } from './command/token-flags.js'
import { type Running, serve } from './serve.js'
import { StartupError } from './startup-error.js'
import { ignoreEpipe } from './terminal/ignore-epipe.js'
import { redactArguments } from './terminal/redact-arguments.js'
import { type Terminal, terminalOf } from './terminal/terminal.js'
import { startLines, tenantLines, welcomeText } from './terminal/welcome.js'

/** How the command was started. */
export interface MainOptions {
  /** Prints examples and the settings for identity providers, even if stderr is not a terminal. */
  readonly welcome?: boolean
  /** The SQLite file that is used if no flag selects a store. Default `scimkit.db` in the working directory. */
  readonly data?: string
}

/** Exit codes. 2 is an invalid command line. */
const exitCodes = { failure: 1, usage: 2 } as const

/**
 * The command `scimkit`. `argv` has the arguments after the command's name. Resolves when the server listens or when the
 * command has ended; for errors of the caller it sets `process.exitCode` instead of rejecting.
 */
export async function main(argv: readonly string[], options: MainOptions = {}): Promise<void> {
  ignoreEpipe(process.stdout, process.stderr)
  const terminal = terminalOf(process.stderr)
  const program = createProgram(argv, terminal, options)
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) process.exitCode = exitCodes.usage
    } else if (error instanceof StartupError) {
      terminal.say(error.message)
      process.exitCode = exitCodes.failure
    } else throw error
  }
}

function createProgram(argv: readonly string[], terminal: Terminal, options: MainOptions): Command {
  const { data = 'scimkit.db' } = options
  const runServe = async (flags: ServeFlags, command: Command): Promise<void> => {
    const choice = chosenStore(flags, command, data)
    checkLimits(flags.limit, command)
    checkHosts(flags, command)
    const access = chosenTenants(flags, command) ?? chosenToken(flags, command)
    checkRateLimit(flags, choice, command)
    const running = await serve(flags, choice, access, terminal)
    stopOnSignals(running)
    showStart(running, flags, terminal, options)
  }
  const program = new Command('scimkit')
    .description('SCIM 2.0 in one command.')
    .version(version(), '-V, --version')
    .addCommand(serveCommand().action(runServe))
    .addCommand(migrateCommand(data, terminal))
    .addCommand(checkCommand(data))
    .addCommand(connectionCommand(data, terminal))
    .addCommand(tenantCommand(data, terminal))
    .addCommand(mcpCommand(data, terminal))
    .addCommand(cursorKeyCommand(data))
  configure(program, 'scimkit', argv)
  return program
}

// Also the commands of a command.
function configure(command: Command, name: string, argv: readonly string[]): void {
  command.configureOutput({ outputError: (text, write) => write(redactArguments(text, argv)) })
  command.exitOverride().showHelpAfterError(`See: ${name} --help`)
  for (const one of command.commands) configure(one, `${name} ${one.name()}`, argv)
}

function showStart(
  { url, store, access }: Running,
  { interop }: ServeFlags,
  terminal: Terminal,
  { welcome = terminal.interactive }: MainOptions,
): void {
  const { place, durable } = store
  if (access.kind === 'tenants') {
    for (const line of tenantLines({ url, place, durable, file: access.file })) terminal.say(line)
  } else if (welcome) {
    terminal.say(
      welcomeText({ url, token: access, place, durable, entra: interop.preset === 'entra' }, terminal.colour),
    )
  } else for (const line of startLines({ token: access, place, durable })) terminal.say(line)
  if (access.kind === 'none') {
    terminal.say(`WARNING: --no-auth: every client that can reach ${url} may read and change all users and groups.`)
  }
  process.stdout.write(`ready ${url}\n`)
}

/** The first signal stops the server after the requests in progress; a second signal ends the process at once. */
function stopOnSignals(running: Running): void {
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(exitCodes.failure)
    stopping = true
    await running.stop()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}
