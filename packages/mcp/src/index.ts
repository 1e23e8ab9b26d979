/** The public API of @scimkit/mcp: the endpoint of a SCIM server for AI agents. */

export type { ResultBounds } from './documents/bounds.js'
export type { McpOptions, ToolOptions } from './server/mcp-options.js'
export type { ServerIdentity } from './server/mcp-server.js'
export { scimMcp } from './server/scim-mcp.js'
export type { WriteBudget } from './server/write-budget.js'
