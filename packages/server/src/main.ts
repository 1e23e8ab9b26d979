import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { Command, CommanderError } from 'commander'
import { type ServeFlags, serveCommand } from './flags.js'
import { drain } from './http-server.js'
import { type Admission, serve, type Terminal } from './serve.js'
import { newToken, tokenProblem } from './token.js'
import { welcomeText } from './welcome.js'

/** How the command was started. */
export interface MainOptions {
  /** Shows what to try and what to enter where, even if nobody seems to sit at a terminal. */
  readonly welcome?: boolean
}

/** What the shell is told. 2 is a command line that makes no sense. */
const exitCodes = { failure: 1, usage: 2 } as const

/** Milliseconds that requests under way have to finish after SIGTERM. */
const patience = 10_000

/**
 * The command `scimkit`. `argv` is what comes after the command's name. Resolves when the server listens, or when
 * there is nothing more to do; sets `process.exitCode` instead of rejecting for whatever the caller has done wrong.
 */
export async function main(argv: readonly string[], options: MainOptions = {}): Promise<void> {
  const program = new Command('scimkit')
    .description('SCIM 2.0 in one command.')
    .version(version(), '-V, --version')
    .addCommand(serveCommand().action((flags: ServeFlags, command: Command) => runServe(flags, command, options)))
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showHelpAfterError(`See: scimkit ${command === program ? '' : `${command.name()} `}--help`)
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) process.exitCode = exitCodes.usage
  }
}

async function runServe(flags: ServeFlags, command: Command, options: MainOptions): Promise<void> {
  const terminal = terminalOf(process.stderr)
  const admission = admissionFor(flags, command)
  try {
    const { server, url } = await serve(flags, admission, terminal)
    stopOnSignals(server)
    sayWhoGetsIn(flags, admission, url, terminal, options)
    process.stdout.write(`ready ${url}\n`)
  } catch (error) {
    const reason = listenProblem(error, flags)
    if (reason === undefined) throw error
    terminal.say(reason)
    process.exitCode = exitCodes.failure
  }
}

/** Ends the command with a usage error if the token will not do. */
function admissionFor(flags: ServeFlags, command: Command): Admission {
  if (!flags.auth) {
    if (command.getOptionValueSource('token') === 'cli') command.error('error: --token or --no-auth, not both.')
    return { token: undefined }
  }
  if (flags.token === undefined) return { token: newToken() }
  const problem = tokenProblem(flags.token)
  if (problem !== undefined) command.error(`error: ${problem}`)
  return { token: flags.token }
}

function sayWhoGetsIn(
  flags: ServeFlags,
  { token }: Admission,
  url: string,
  terminal: Terminal,
  { welcome = terminal.interactive }: MainOptions,
): void {
  if (welcome) terminal.say(welcomeText({ url, token, entra: flags.interop.preset === 'entra' }, terminal.colour))
  else if (flags.token === undefined && token !== undefined) terminal.say(`token ${token}`)
  if (token === undefined) {
    terminal.say(`WARNING: --no-auth: whoever can reach ${url} may read and change every user and group.`)
  }
}

function terminalOf(stream: NodeJS.WriteStream): Terminal {
  return {
    say: (line) => {
      stream.write(`${line}\n`)
    },
    // https://no-color.org: present and not empty, whatever its value.
    colour: stream.isTTY === true && (process.env.NO_COLOR ?? '') === '',
    interactive: stream.isTTY === true,
  }
}

function listenProblem(error: unknown, { host, port }: ServeFlags): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const place = `port ${port} on ${host}`
  if (code === 'EADDRINUSE')
    return `Cannot listen: ${place} is in use. Choose another with --port; 0 takes any that is free.`
  if (code === 'EACCES')
    return `Cannot listen: ${place} is not allowed to this user. Choose one above 1023 with --port.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `Cannot listen: this machine has no address ${host}.`
  return undefined
}

/** The first signal drains; a second one is from somebody who will not wait. */
function stopOnSignals(server: Server): void {
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(exitCodes.failure)
    stopping = true
    await drain(server, patience)
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}
