import type { UnknownMembersPolicy } from '@scimkit/core'
import { Command, InvalidArgumentError, Option } from 'commander'
import { adapters } from './adapters.js'
import type { AdmissionFlags } from './admission.js'
import { parseHosts } from './host-flag.js'
import { type ChosenInterop, parseInterop } from './interop-flag.js'
import { type ChosenLimits, limitsHelp, parseLimit } from './limit-flag.js'
import { type LogFormat, logFormats } from './log.js'
import { probePaths } from './probes.js'
import { addStoreFlags, type StoreFlags } from './store-flags.js'

/** The flags of `scimkit serve`, parsed. */
export interface ServeFlags extends StoreFlags, AdmissionFlags {
  readonly adapter: string
  readonly host: string
  readonly port: number
  /** `` or `/scim/v2`. */
  readonly basePath: string
  readonly baseUrl?: string
  readonly hosts?: readonly string[]
  readonly trustProxy: boolean | number
  readonly interop: ChosenInterop
  readonly limit: ChosenLimits
  readonly unknownMembers: UnknownMembersPolicy
  readonly history: number
  readonly passwords: 'hash' | 'off'
  readonly seedUsers: number
  readonly log?: LogFormat
}

const unknownMembers: readonly UnknownMembersPolicy[] = ['keep', 'skip', 'reject']

/** The command `serve` with its flags; nothing runs yet. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description(
      'Run a SCIM 2.0 server. Prints one line "ready <base URL>" when it listens; SIGTERM drains and stops it.',
    )
    .addOption(new Option('--adapter <name>', 'web framework').choices(Object.keys(adapters)).default('hono'))
    .option('--host <address>', 'address to listen on', parseHost, '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 is any that is free', wholeNumber(0, 65_535), 3000)
    .option('--base-path <path>', 'path under which SCIM is served', parseBasePath, '/scim/v2')
    .option(
      '--base-url <url>',
      'address of the SCIM root as clients see it, with its path (default: from the Host header)',
      parseBaseUrl,
    )
    .option(
      '--hosts <list>',
      'the hosts that clients use, such as scim.example,scim.example:8443; a request to another is 421 (default: any)',
      parseHostsFlag,
    )
    .addOption(
      new Option(
        '--trust-proxy [proxies]',
        'believe X-Forwarded-Proto, -Host and -Prefix of that many proxies in front',
      )
        .argParser(wholeNumber(0, 100))
        .preset('1')
        .default(false, 'none'),
    )
  return addStoreFlags(command)
    .addOption(
      new Option(
        '--token <secret>',
        'bearer token, at least 32 characters (default: one is made at the first start, shown, and holds from then on)',
      ).env('SCIMKIT_TOKEN'),
    )
    .option('--new-token', 'make another token, in place of the one of an earlier start', false)
    .option('--no-auth', 'let everybody in; only on a loopback address such as 127.0.0.1')
    .option(
      '--allow-remote-without-auth',
      'with --no-auth: on any address, where something else must keep strangers out',
      false,
    )
    .addOption(
      new Option('--interop <list>', 'lenient, entra or strict, and switches by name: entra,no-missingSchemas')
        .argParser(parseInteropFlag)
        .default(parseInterop('lenient'), 'lenient'),
    )
    .addOption(
      new Option('--limit <name=value>', 'a bound on what a request may cost, such as maxPageSize=500; may be repeated')
        .argParser(parseLimitFlag)
        .default({}, 'see Limits below'),
    )
    .addOption(
      new Option('--unknown-members <what>', 'group members whose id nothing has: keep them, skip them, or answer 400')
        .choices(unknownMembers)
        .default('keep'),
    )
    .option(
      '--history <versions>',
      'versions of each resource to remember, so that a 412 names the attributes changed since; 0 is none',
      wholeNumber(0, 1_000),
      20,
    )
    .addOption(
      new Option('--passwords <how>', 'keep passwords as salted scrypt hashes beside the data, or refuse to know them')
        .choices(['hash', 'off'])
        .default('hash'),
    )
    .option(
      '--seed-users <count>',
      'make those of the users user0, user1 … that are not there, before listening',
      wholeNumber(0, 10_000_000),
      0,
    )
    .addOption(new Option('--log <format>', 'on stderr (default: pretty on a terminal, else json)').choices(logFormats))
    .addHelpText('after', examples)
}

const examples = `
Examples:
  scimkit serve                                     data in ./scimkit.db; shows a token and lines to paste
  scimkit serve --port 0 --no-auth --log silent --store memory     for a test suite
  PGPASSWORD=… scimkit serve --store postgres://scim@db.example/scim
  SCIMKIT_TOKEN=… scimkit serve --interop entra --host 0.0.0.0 --trust-proxy --base-url https://app.example/scim/v2
  scimkit serve --interop entra,uniqueGroupDisplayName --seed-users 10000
  scimkit serve --limit maxPageSize=500 --limit bodyBytes=4194304

Limits and their defaults, for --limit:
${limitsHelp}`

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
  }
}

// Node listens on every address if it is given none: an unset variable must not open a server to the network.
function parseHost(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('It is empty. 0.0.0.0 is every address of this machine.')
}

function parseBasePath(text: string): string {
  const path = text.replace(/\/+$/, '')
  const probe = probePaths.find((one) => path === one || path.startsWith(`${one}/`))
  if (probe !== undefined) throw new InvalidArgumentError(`${probe} answers probes; choose another path.`)
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
  return orInvalid(() => parseInterop(text))
}

function parseHostsFlag(text: string): readonly string[] {
  return orInvalid(() => parseHosts(text))
}

function parseLimitFlag(text: string, before: ChosenLimits): ChosenLimits {
  return orInvalid(() => parseLimit(text, before))
}

function orInvalid<Value>(parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    throw error instanceof TypeError ? new InvalidArgumentError(error.message) : error
  }
}
