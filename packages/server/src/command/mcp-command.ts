import { createClient } from '@scimkit/client'
import { processRateLimiter } from '@scimkit/connections/node'
import { createScim, tenantId } from '@scimkit/core'
import type { McpStdioSource, StdioOptions } from '@scimkit/mcp/stdio'
import { Command, Option } from 'commander'
import type { OpenStore } from '../store/store.js'
import type { Terminal } from '../terminal/terminal.js'
import { parseBaseUrl } from './flag-values.js'
import { budgetOf, parseBudget, usualWriteBudget } from './mcp-flags.js'
import { type ChosenRate, parseRate } from './rate-limit-flag.js'
import { addStoreFlags, type StoreFlags } from './store-flags.js'
import { useStore } from './use-store.js'

/** The flags of `scimkit mcp`, parsed. */
interface Flags extends StoreFlags {
  readonly stdio: boolean
  readonly url?: string
  readonly token?: string
  readonly tenant: string
  readonly idempotencyKeys: boolean
  readonly readOnly: boolean
  readonly writeBudget: ChosenRate
}

/** The command `mcp`; `file` is the default database. Ends when its input ends. */
export function mcpCommand(file: string, terminal: Terminal): Command {
  const command = new Command('mcp')
    .description(
      'Tools for an AI agent over stdin and stdout (Model Context Protocol): for a database, which may be that of a running server, or for any SCIM server at --url. Over HTTP use scimkit serve --mcp.',
    )
    .option('--stdio', 'required: read from stdin and write to stdout', false)
    .option('--url <url>', 'the SCIM server to use, such as https://app.example/scim/v2', parseBaseUrl)
    .addOption(new Option('--token <secret>', 'bearer token for --url').env('SCIMKIT_TOKEN'))
    .option('--idempotency-keys', 'with --url: the server supports the header Idempotency-Key, as ScimKit does', false)
    .option('--tenant <name>', 'without --url: the tenant whose resources the tools use', 'default')
    .option('--read-only', 'offer only tools that read', false)
    .addOption(
      new Option('--write-budget <rate>', 'writes per second, and at once; or off')
        .argParser(parseBudget)
        .default(parseRate(usualWriteBudget), usualWriteBudget),
    )
    .addHelpText('after', examples)
  return addStoreFlags(command).action(async () => {
    const flags = command.opts<Flags>()
    if (!flags.stdio) command.error('error: --stdio is required. Over HTTP use scimkit serve --mcp.')
    if (flags.url === undefined) {
      await useStore(flags, command, file, (store) => serveTools(localSource(store, flags), flags, terminal))
    } else {
      if (flags.store !== undefined || flags.data !== undefined) {
        command.error('error: --url cannot be used with --store or --data.')
      }
      await serveTools(remoteSource(flags.url, flags), flags, terminal)
    }
  })
}

const examples = `
Examples:
  scimkit mcp --stdio                               the database ./scimkit.db
  SCIMKIT_TOKEN=… scimkit mcp --stdio --url https://app.example/scim/v2 --read-only`

async function serveTools(source: McpStdioSource, flags: Flags, terminal: Terminal): Promise<void> {
  const writeBudget = budgetOf(flags.writeBudget, processRateLimiter())
  const options: StdioOptions = {
    readOnly: flags.readOnly,
    ...(writeBudget !== undefined && { writeBudget }),
    onError: (error) =>
      terminal.say(`A call failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`),
  }
  // The package is loaded on first use: other commands start faster without it.
  const { serveMcpStdio } = await import('@scimkit/mcp/stdio')
  const server = serveMcpStdio(source, options)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close())
  await server.ended
}

function localSource({ provider }: OpenStore, { tenant }: Flags): McpStdioSource {
  const scim = createScim({ provider })
  return {
    kind: 'local',
    scim,
    context: scim.context({ tenant: tenantId(tenant), principal: 'stdio' }),
    supportsIdempotencyKeys: provider.supports?.idempotencyKeys === true,
  }
}

function remoteSource(url: string, { token, idempotencyKeys }: Flags): McpStdioSource {
  const client = createClient(url, token === undefined ? {} : { token })
  return { kind: 'remote', client, supportsIdempotencyKeys: idempotencyKeys }
}
