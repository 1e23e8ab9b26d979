import { processRateLimiter } from '@scimkit/connections/node'
import type { ScimOptions } from '@scimkit/core'
import type { HttpHandler } from '@scimkit/core/adapter'
import { budgetOf, type McpFlags } from './command/mcp-flags.js'

/**
 * The MCP endpoint that the flags ask for, beside SCIM at `basePath`: none or one handler. The package of it is loaded on
 * first use: it takes longer than the rest of the server.
 */
export async function mcpEndpoint(
  { mcp, mcpReadOnly, mcpWriteBudget }: McpFlags,
  options: ScimOptions,
  basePath: string,
): Promise<readonly HttpHandler[]> {
  if (mcp === undefined) return []
  const path = mcp === '' ? usualPath(basePath) : mcp
  const { scimMcp } = await import('@scimkit/mcp')
  const writeBudget = budgetOf(mcpWriteBudget, options.rateLimit?.limiter ?? processRateLimiter())
  return [
    scimMcp({ ...options, path, basePath, readOnly: mcpReadOnly, ...(writeBudget !== undefined && { writeBudget }) }),
  ]
}

// The tenant of a token must be that of the path, for agents as for identity providers.
function usualPath(basePath: string): string {
  return basePath.split('/').includes(':tenant') ? '/:tenant/mcp' : '/mcp'
}
