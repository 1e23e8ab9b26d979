/** The flags of the MCP endpoint of `serve`, and those that `scimkit mcp` has too. */
import type { WriteBudget } from '@scimkit/mcp'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { orInvalid, parseBasePath } from './flag-values.js'
import { type ChosenRate, parseRate } from './rate-limit-flag.js'

/** The flags of the endpoint, parsed. */
export interface McpFlags {
  /** `/mcp`; undefined: there is no endpoint. */
  readonly mcp?: string
  readonly mcpReadOnly: boolean
  readonly mcpWriteBudget: ChosenRate
}

/** The default budget: an agent thinks for seconds between two writes. */
export const usualWriteBudget = '5/100'

/** Adds the flags of the endpoint to `serve`. */
export function addMcpFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--mcp [path]',
        'offer tools for AI agents at this path by the Model Context Protocol, for the same callers (default path: /mcp, with tenants /:tenant/mcp)',
      )
        .preset('')
        .argParser(parseMcpPath),
    )
    .option('--mcp-read-only', 'offer agents only tools that read', false)
    .addOption(
      new Option('--mcp-write-budget <rate>', 'writes of the agents with one token per second, and at once; or off')
        .argParser(parseBudget)
        .default(parseRate(usualWriteBudget), usualWriteBudget),
    )
}

/** Parses a write budget: `5/100` or `off`. */
export function parseBudget(text: string): ChosenRate {
  return orInvalid(() => parseRate(text))
}

/** The budget with its limiter; undefined for `off`. */
export function budgetOf(rate: ChosenRate, limiter: WriteBudget['limiter']): WriteBudget | undefined {
  return rate === 'off' ? undefined : { limiter, ...rate }
}

function parseMcpPath(text: string): string {
  if (text === '') return text
  const path = parseBasePath(text)
  if (path !== '') return path
  throw new InvalidArgumentError('Expected a path such as /mcp.')
}
