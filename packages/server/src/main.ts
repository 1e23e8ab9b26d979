import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { admissionFor } from './admission.js'
import { CannotStart } from './cannot-start.js'
import { checkCommand } from './check-command.js'
import { type ServeFlags, serveCommand } from './flags.js'
import { checkHosts } from './host-flag.js'
import { checkLimits } from './limit-flag.js'
import { migrateCommand } from './migrate-command.js'
import { outliveReaders } from './outlive-readers.js'
import { redact } from './redact.js'
import { type Running, serve } from './serve.js'
import { chosenStore } from './store-flags.js'
import { type Terminal, terminalOf } from './terminal.js'
import { startLines, welcomeText } from './welcome.js'

/** How the command was started. */
export interface MainOptions {
  /** Shows what to try and what to enter where, even if nobody seems to sit at a terminal. */
  readonly welcome?: boolean
  /** The SQLite file that is used when no flag says where resources live. Default `scimkit.db` in the working directory. */
  readonly data?: string
}

/** What the shell is told. 2 is a command line that makes no sense. */
const exitCodes = { failure: 1, usage: 2 } as const

/**
 * The command `scimkit`. `argv` is what comes after the command's name. Resolves when the server listens, or when
 * there is nothing more to do; sets `process.exitCode` instead of rejecting for whatever the caller has done wrong.
 */
export async function main(argv: readonly string[], options: MainOptions = {}): Promise<void> {
  outliveReaders(process.stdout, process.stderr)
  const { data = 'scimkit.db' } = options
  const terminal = terminalOf(process.stderr)
  const runServe = async (flags: ServeFlags, command: Command): Promise<void> => {
    const choice = chosenStore(flags, command, data)
    checkLimits(flags.limit, command)
    checkHosts(flags, command)
    const running = await serve(flags, choice, admissionFor(flags, command), terminal)
    stopOnSignals(running)
    sayHello(running, flags, terminal, options)
  }
  const program = new Command('scimkit')
    .description('SCIM 2.0 in one command.')
    .version(version(), '-V, --version')
    .addCommand(serveCommand().action(runServe))
    .addCommand(migrateCommand(data, terminal))
    .addCommand(checkCommand(data))
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ outputError: (text, write) => write(redact(text, argv)) })
    command.exitOverride().showHelpAfterError(`See: scimkit ${command === program ? '' : `${command.name()} `}--help`)
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) process.exitCode = exitCodes.usage
    } else if (error instanceof CannotStart) {
      terminal.say(error.message)
      process.exitCode = exitCodes.failure
    } else throw error
  }
}

function sayHello(
  { url, store, token }: Running,
  { interop }: ServeFlags,
  terminal: Terminal,
  { welcome = terminal.interactive }: MainOptions,
): void {
  const { place, durable } = store
  if (welcome)
    terminal.say(welcomeText({ url, token, place, durable, entra: interop.preset === 'entra' }, terminal.colour))
  else for (const line of startLines({ token, place, durable })) terminal.say(line)
  if (token.kind === 'everybody') {
    terminal.say(`WARNING: --no-auth: whoever can reach ${url} may read and change every user and group.`)
  }
  process.stdout.write(`ready ${url}\n`)
}

/** The first signal drains; a second one is from somebody who will not wait. */
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
