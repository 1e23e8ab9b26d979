import { processRateLimiter } from '@scimkit/connections/node'
import type { ScimOptions } from '@scimkit/core'
import type { HttpHandler } from '@scimkit/core/adapter'
import { budgetOf, type McpFlags } from './command/mcp-flags.js'

/**
 * The MCP endpoint that the flags ask for, beside SCIM at `basePath`: none or one handler. The package of it is loaded on
 * first use: it takes longer than the rest of the server.
 */
export async function mcpEndpoint(
  flags: McpFlags,
  options: ScimOptions,
  basePath: string,
): Promise<readonly HttpHandler[]> {
  const { mcpReadOnly, mcpWriteBudget } = flags
  const path = mcpPath(flags, basePath)
  if (path === undefined) return []
  const { scimMcp } = await import('@scimkit/mcp')
  const writeBudget = budgetOf(mcpWriteBudget, options.rateLimit?.limiter ?? processRateLimiter())
  return [
    scimMcp({ ...options, path, basePath, readOnly: mcpReadOnly, ...(writeBudget !== undefined && { writeBudget }) }),
  ]
}

/** The path of the endpoint; undefined: the flags ask for none. With tenants in the path of SCIM it has one too. */
export function mcpPath({ mcp }: Pick<McpFlags, 'mcp'>, basePath: string): string | undefined {
  if (mcp !== '') return mcp
  return basePath.split('/').includes(':tenant') ? '/:tenant/mcp' : '/mcp'
}
