import type { UnknownMembersPolicy } from '@scimkit/core'
import { Command, Option } from 'commander'
import { adapters } from '../http/adapters.js'
import { type LogFormat, logFormats } from '../terminal/log.js'
import { orInvalid, parseBasePath, parseBaseUrl, parseHost, wholeNumber } from './flag-values.js'
import { parseHosts } from './host-flag.js'
import { type ChosenInterop, parseInterop } from './interop-flag.js'
import { type ChosenLimits, limitsHelp, parseLimit } from './limit-flag.js'
import { addMcpFlags, type McpFlags } from './mcp-flags.js'
import { type ChosenQuotas, parseQuota } from './quota-flag.js'
import { addStoreFlags, type StoreFlags } from './store-flags.js'
import { addTenantFlags, type TenantFlags } from './tenant-flags.js'
import type { TokenFlags } from './token-flags.js'

/** The flags of `scimkit serve`, parsed. */
export interface ServeFlags extends StoreFlags, TokenFlags, TenantFlags, McpFlags {
  readonly adapter: string
  readonly host: string
  readonly port: number
  /** `` or `/scim/v2`. */
  readonly basePath?: string
  readonly baseUrl?: string
  readonly hosts?: readonly string[]
  readonly trustProxy: boolean | number
  readonly interop: ChosenInterop
  readonly limit: ChosenLimits
  readonly quota: ChosenQuotas
  readonly unknownMembers: UnknownMembersPolicy
  readonly history: number
  readonly passwords: 'hash' | 'off'
  readonly seedUsers: number
  readonly log?: LogFormat
}

const unknownMembers: readonly UnknownMembersPolicy[] = ['keep', 'skip', 'reject']

/** The command `serve` with its flags, without an action. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description(
      'Run a SCIM 2.0 server. Prints one line "ready <base URL>" when it listens; SIGTERM stops it after the requests in progress.',
    )
    .addOption(new Option('--adapter <name>', 'web framework').choices(Object.keys(adapters)).default('hono'))
    .option('--host <address>', 'address to listen on', parseHost, '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 selects a free port', wholeNumber(0, 65_535), 3000)
    .option(
      '--base-path <path>',
      'path under which SCIM is served (default: /scim/v2; with several tenants /scim/:tenant/v2)',
      parseBasePath,
    )
    .option(
      '--base-url <url>',
      'address of the SCIM root as clients see it, with its path (default: from the Host header)',
      parseBaseUrl,
    )
    .option(
      '--hosts <list>',
      'hosts that clients use, such as scim.example,scim.example:8443; requests to other hosts get 421 (default: any)',
      parseHostsFlag,
    )
    .addOption(
      new Option(
        '--trust-proxy [proxies]',
        'number of proxies in front whose X-Forwarded-Proto, -Host and -Prefix are trusted',
      )
        .argParser(wholeNumber(0, 100))
        .preset('1')
        .default(false, 'none'),
    )
  return addMcpFlags(addTenantFlags(addStoreFlags(command)))
    .addOption(
      new Option(
        '--token <secret>',
        'bearer token, at least 32 characters (default: generated and shown at the first start, valid for later starts too)',
      ).env('SCIMKIT_TOKEN'),
    )
    .option('--new-token', 'generate another token and revoke the token of an earlier start', false)
    .option('--no-auth', 'accept every client without a token; only on a loopback address such as 127.0.0.1')
    .option(
      '--allow-remote-without-auth',
      'with --no-auth: on any address; access must be restricted by other means',
      false,
    )
    .addOption(
      new Option('--interop <list>', 'preset (lenient, entra or strict) and switches by name: entra,no-missingSchemas')
        .argParser(parseInteropFlag)
        .default(parseInterop('lenient'), 'lenient'),
    )
    .addOption(
      new Option('--limit <name=value>', 'a limit on the cost of a request, such as maxPageSize=500; may be repeated')
        .argParser(parseLimitFlag)
        .default({}, 'see Limits below'),
    )
    .addOption(
      new Option(
        '--quota <type=number>',
        'most resources of a type, such as User=1000; a create beyond it gets 403; may be repeated',
      )
        .argParser(parseQuotaFlag)
        .default({}, 'none'),
    )
    .addOption(
      new Option(
        '--unknown-members <what>',
        'group members whose id no resource has: keep them, skip them, or answer 400',
      )
        .choices(unknownMembers)
        .default('keep'),
    )
    .option(
      '--history <versions>',
      'number of versions of each resource whose changed attributes are stored, so that a 412 names them; 0 stores none',
      wholeNumber(0, 1_000),
      20,
    )
    .addOption(
      new Option('--passwords <how>', 'store passwords as salted scrypt hashes beside the data, or disable passwords')
        .choices(['hash', 'off'])
        .default('hash'),
    )
    .option(
      '--seed-users <count>',
      'create the missing ones of the users user0, user1 … before listening',
      wholeNumber(0, 10_000_000),
      0,
    )
    .addOption(
      new Option('--log <format>', 'log format, on stderr (default: pretty on a terminal, else json)').choices(
        logFormats,
      ),
    )
    .addHelpText('after', examples)
}

const examples = `
Examples:
  scimkit serve                                     data in ./scimkit.db; shows a token and settings for identity providers
  scimkit serve --port 0 --no-auth --log silent --store memory     for a test suite
  PGPASSWORD=… scimkit serve --store postgres://scim@db.example/scim
  SCIMKIT_TOKEN=… scimkit serve --interop entra --host 0.0.0.0 --trust-proxy --base-url https://app.example/scim/v2
  scimkit serve --interop entra,uniqueGroupDisplayName --seed-users 10000
  scimkit serve --limit maxPageSize=500 --limit bodyBytes=4194304
  scimkit serve --mcp                               with tools for AI agents at /mcp
  scimkit serve --multi-tenant                      many customers at /scim/:tenant/v2; see scimkit connection --help

Limits and their defaults, for --limit:
${limitsHelp}`

function parseInteropFlag(text: string): ChosenInterop {
  return orInvalid(() => parseInterop(text))
}

function parseHostsFlag(text: string): readonly string[] {
  return orInvalid(() => parseHosts(text))
}

function parseQuotaFlag(text: string, before: ChosenQuotas): ChosenQuotas {
  return orInvalid(() => parseQuota(text, before))
}

function parseLimitFlag(text: string, before: ChosenLimits): ChosenLimits {
  return orInvalid(() => parseLimit(text, before))
}
