/** One MCP server over stdin and stdout. @see MCP 2026-07-28, Transports, stdio */
import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import type { ScimClient } from '@scimkit/client'
import { defaultLimits, platformPorts, type Scim, type ScimContext } from '@scimkit/core'
import type { Directory } from '../directory/directory.js'
import { localDirectory } from '../directory/local-directory.js'
import { remoteDirectory } from '../directory/remote-directory.js'
import { type ToolOptions, toolSettingsFrom } from './mcp-options.js'
import { type McpServerParts, mcpServer } from './mcp-server.js'
import { takeWrite } from './write-budget.js'

/** Where the tools work: in this process for one caller, or at another server by its client. */
export type McpStdioSource =
  | {
      readonly kind: 'local'
      readonly scim: Scim
      /** The caller: every call of a tool is its. */
      readonly context: ScimContext
      /** Whether the store keeps idempotency keys. */
      readonly supportsIdempotencyKeys: boolean
    }
  | {
      readonly kind: 'remote'
      readonly client: ScimClient
      /** Whether the server keeps idempotency keys, as ScimKit does; others ignore them. */
      readonly supportsIdempotencyKeys: boolean
    }

/** The options of tools over stdio. */
export interface StdioOptions extends ToolOptions {
  /** Default: the streams of this process. */
  readonly input?: Readable
  readonly output?: Writable
  /** Receives failures whose text results do not show. Default: a line on stderr. */
  readonly onError?: (error: unknown) => void
}

/** A server that reads from its input. */
export interface McpStdio {
  /** Resolves when the input has ended, or after `close`. */
  readonly ended: Promise<void>
  /** Answers nothing more. */
  close(): Promise<void>
}

/**
 * Serves the tools over stdin and stdout; nothing else may write to stdout. Throws a TypeError for an invalid option.
 * @example
 * ```ts
 * import { createClient } from '@scimkit/client'
 * import { serveMcpStdio } from '@scimkit/mcp/stdio'
 *
 * const client = createClient('https://app.example/scim/v2', { token: process.env.SCIM_TOKEN ?? '' })
 * const { ended } = serveMcpStdio({ kind: 'remote', client, supportsIdempotencyKeys: true }, { readOnly: true })
 * await ended
 * ```
 */
export function serveMcpStdio(source: McpStdioSource, options: StdioOptions = {}): McpStdio {
  const { input = process.stdin, output = process.stdout, onError = printError } = options
  const settings = toolSettingsFrom(options)
  const { writeBudget } = settings
  const spender = source.kind === 'local' ? source.context : { tenant: 'default', principal: 'stdio' }
  const parts: McpServerParts = {
    ...settings,
    directory: directoryOf(source),
    limits: source.kind === 'local' ? source.scim.limits : defaultLimits,
    onError,
    takeWrite: async () =>
      writeBudget === undefined
        ? undefined
        : await takeWrite(writeBudget, spender, { startTimer: platformPorts.startTimer, onFailure: onError }),
  }
  const transport = new StdioServerTransport(input, output)
  const handle = serveStdio(() => mcpServer(parts), { transport, onerror: onError })
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  for (const event of ['end', 'close'] as const) input.once(event, end)
  const close = async (): Promise<void> => {
    await handle.close()
    end()
  }
  return { ended, close }
}

function directoryOf(source: McpStdioSource): Directory {
  switch (source.kind) {
    case 'local':
      return localDirectory({ ...source, native: undefined })
    case 'remote':
      return remoteDirectory(source.client, source.supportsIdempotencyKeys)
  }
}

function printError(error: unknown): void {
  console.error('ScimKit: an MCP call failed:', error)
}
