import { Command, InvalidArgumentError, Option } from 'commander'
import { adapters } from './adapters.js'
import { type ChosenInterop, parseInterop } from './interop-flag.js'
import { type LogFormat, logFormats } from './log.js'
import { stores } from './stores.js'

/** The flags of `scimkit serve`, parsed. */
export interface ServeFlags {
  readonly adapter: string
  readonly host: string
  readonly port: number
  /** `` or `/scim/v2`. */
  readonly basePath: string
  readonly baseUrl?: string
  readonly trustProxy: boolean
  readonly token?: string
  readonly auth: boolean
  readonly store: string
  readonly interop: ChosenInterop
  readonly passwords: 'hash' | 'off'
  readonly seedUsers: number
  readonly log?: LogFormat
}

/** The command `serve` with its flags; nothing runs yet. */
export function serveCommand(): Command {
  return new Command('serve')
    .description(
      'Run a SCIM 2.0 server. Prints one line "ready <base URL>" when it listens; SIGTERM drains and stops it.',
    )
    .addOption(new Option('--adapter <name>', 'web framework').choices(Object.keys(adapters)).default('hono'))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 is any that is free', wholeNumber(0, 65_535), 3000)
    .option('--base-path <path>', 'path under which SCIM is served', parseBasePath, '/scim/v2')
    .option(
      '--base-url <url>',
      'address of the SCIM root as clients see it, with its path (default: from the Host header)',
      parseBaseUrl,
    )
    .option('--trust-proxy', 'believe X-Forwarded-Proto and X-Forwarded-Host', false)
    .addOption(
      new Option('--token <secret>', 'bearer token, at least 32 characters (default: one is made and printed)').env(
        'SCIMKIT_TOKEN',
      ),
    )
    .option('--no-auth', 'let everybody in')
    .addOption(new Option('--store <name>', 'where resources live').choices(Object.keys(stores)).default('memory'))
    .addOption(
      new Option('--interop <list>', 'lenient, entra or strict, and switches by name: entra,no-missingSchemas')
        .argParser(parseInteropFlag)
        .default(parseInterop('lenient'), 'lenient'),
    )
    .addOption(
      new Option('--passwords <how>', 'keep passwords as salted scrypt hashes in memory, or refuse to know them')
        .choices(['hash', 'off'])
        .default('hash'),
    )
    .option('--seed-users <count>', 'make users user0, user1 … before listening', wholeNumber(0, 10_000_000), 0)
    .addOption(new Option('--log <format>', 'on stderr (default: pretty on a terminal, else json)').choices(logFormats))
    .addHelpText('after', examples)
}

const examples = `
Examples:
  scimkit serve                                     a server to try things out; shows a token and lines to paste
  scimkit serve --port 0 --no-auth --log silent     for a test suite
  SCIMKIT_TOKEN=… scimkit serve --interop entra --host 0.0.0.0 --trust-proxy --base-url https://app.example/scim/v2
  scimkit serve --interop entra,uniqueGroupDisplayName --seed-users 10000`

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
  }
}

function parseBasePath(text: string): string {
  const path = text.replace(/\/+$/, '')
  // Letters that mean the same to every framework's router.
  if (path === '' || /^(\/[A-Za-z0-9._~-]+)+$/.test(path)) return path
  throw new InvalidArgumentError('Expected something like /scim/v2, of letters, digits and ._~- between slashes.')
}

function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const plain = url !== undefined && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (plain && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href.replace(/\/+$/, '')
  throw new InvalidArgumentError('Expected something like https://app.example/scim/v2.')
}

function parseInteropFlag(text: string): ChosenInterop {
  try {
    return parseInterop(text)
  } catch (error) {
    throw error instanceof TypeError ? new InvalidArgumentError(error.message) : error
  }
}
