/** The MCP server of one caller: its tools, and the schemas of its resource types as resources. */
import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  Server,
  type Tool as ToolDescription,
} from '@modelcontextprotocol/server'
import { ScimError } from '@scimkit/core'
import type { PermittedType } from '@scimkit/core/operations'
import type { ToolResult } from '../results/result.js'
import { type Catalogue, type CatalogueOptions, catalogueOf } from '../tools/catalogue.js'
import type { Tool } from '../tools/tool.js'
import { callTool, type ToolCall } from './call-tool.js'
import { instructions } from './instructions.js'
import { schemaResources, urnOf } from './schema-resources.js'

/** How a server introduces itself. */
export interface ServerIdentity {
  readonly name: string
  readonly version: string
}

/** What a server of one caller needs. */
export interface McpServerParts extends ToolCall, Omit<CatalogueOptions, 'supportsIdempotencyKeys'> {
  readonly identity: ServerIdentity
}

/** The server of one caller. What the caller may do is asked with each request, so that a change of it has effect. */
export function mcpServer(parts: McpServerParts): Server {
  const { directory, identity, readOnly } = parts
  const server = new Server(identity, {
    capabilities: { tools: {}, resources: {} },
    instructions: instructions(readOnly),
  })
  const types = (): Promise<readonly PermittedType[]> => reported(parts, directory.types())
  const catalogue = async (): Promise<Catalogue> =>
    catalogueOf(await types(), { ...parts, supportsIdempotencyKeys: directory.supportsIdempotencyKeys })

  server.setRequestHandler('tools/list', async () => ({ tools: (await catalogue()).all().map(described) }))
  server.setRequestHandler('tools/call', async ({ params }) => {
    const tools = await catalogue()
    const tool = tools.tool(params.name)
    if (tool === undefined) throw unknownTool(params.name, tools)
    return toolAnswer(await callTool(tool, params.arguments, parts))
  })
  server.setRequestHandler('resources/list', async () => ({ resources: [...schemaResources(await types())] }))
  server.setRequestHandler('resources/templates/list', async () => ({ resourceTemplates: [] }))
  server.setRequestHandler('resources/read', async ({ params }) => schemaContents(parts, params.uri, await types()))
  return server
}

// What the SDK answers for another error is its text: errors of the host do not belong there.
async function reported<Value>({ onError }: ToolCall, value: Promise<Value>): Promise<Value> {
  try {
    return await value
  } catch (error) {
    if (error instanceof ScimError && error.status < 500) {
      throw new ProtocolError(ProtocolErrorCode.InternalError, `SCIM ${error.status}: ${error.message}`)
    }
    onError(error)
    throw new ProtocolError(ProtocolErrorCode.InternalError, 'The server failed. Try again later.')
  }
}

function described({ name, description, inputSchema, outputSchema, annotations }: Tool): ToolDescription {
  // The SDK's type of schemas has every keyword; these have a few of them.
  const schemas = { inputSchema, outputSchema } as unknown as Pick<ToolDescription, 'inputSchema' | 'outputSchema'>
  return { name, title: annotations.title, description, ...schemas, annotations }
}

function toolAnswer(result: ToolResult): CallToolResult {
  return {
    // The text is for clients and models that do not read `structuredContent`.
    content: [{ type: 'text', text: JSON.stringify(result) }],
    structuredContent: result,
    isError: result.outcome !== 'success',
  }
}

function unknownTool(name: string, tools: Catalogue): ProtocolError {
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `Unknown tool ${JSON.stringify(name.slice(0, 100))}. The tools of this token: ${tools.names.join(', ')}`,
  )
}

// As much of an address as an error repeats.
const longestUri = 256

async function schemaContents(
  parts: McpServerParts,
  uri: string,
  types: readonly PermittedType[],
): Promise<ReadResourceResult> {
  const known = schemaResources(types)
  const urn = known.some((resource) => resource.uri === uri) ? urnOf(uri) : undefined
  const document = urn === undefined ? undefined : await reported(parts, parts.directory.schema(urn))
  if (document === undefined) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Unknown resource. The resources of this token: ${known.map((resource) => resource.uri).join(', ')}`,
      { uri: uri.slice(0, longestUri) },
    )
  }
  return { contents: [{ uri, mimeType: 'application/scim+json', text: JSON.stringify(document) }] }
}
