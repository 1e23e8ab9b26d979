/** An agent: the official client of the protocol. Each result is checked against the output schema of its tool. */
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { JsonObject } from '@scimkit/core'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Tool } from '../../src/tools/tool.js'

/** The protocol revisions that the server speaks. */
export const revisions = ['2026-07-28', '2025-11-25'] as const
export type Revision = (typeof revisions)[number]

export interface ToolAnswer {
  readonly result: JsonObject
  readonly isError: boolean
}

export interface Agent {
  /** The revision that was negotiated. */
  readonly revision: string | undefined
  tools(): Promise<readonly Omit<Tool, 'run'>[]>
  /** Calls a tool. Rejects with the error of the protocol, and if the result does not fit the output schema. */
  ask(name: string, given: JsonObject): Promise<ToolAnswer>
  /** The result of a call that must succeed. */
  call(name: string, given: JsonObject): Promise<JsonObject>
  resources(): Promise<readonly string[]>
  read(uri: string): Promise<string>
  close(): Promise<void>
}

/** An agent at an HTTP endpoint. */
export function agentAt(url: string, token: string, revision: Revision): Promise<Agent> {
  const headers = { authorization: `Bearer ${token}` }
  return agentOver(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }), revision)
}

/** An agent that starts the server as a process of its own. */
export function agentOf(
  args: readonly string[],
  env: Record<string, string>,
  revision: Revision,
  cwd?: string,
): Promise<Agent> {
  const command = { command: process.execPath, args: [...args], env, stderr: 'inherit' as const }
  return agentOver(new StdioClientTransport({ ...command, ...(cwd !== undefined && { cwd }) }), revision)
}

async function agentOver(transport: Transport, revision: Revision): Promise<Agent> {
  const mode = revision === '2025-11-25' ? 'legacy' : { pin: revision }
  const client = new Client({ name: 'agent', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(transport)
  const ajv = new Ajv2020({ strict: false })
  const validators = new Map<string, (value: unknown) => boolean>()
  const tools = async (): Promise<readonly Omit<Tool, 'run'>[]> =>
    (await client.listTools()).tools as unknown as readonly Omit<Tool, 'run'>[]
  const fits = async (name: string, result: unknown): Promise<boolean> => {
    if (!validators.has(name)) {
      for (const tool of await tools()) validators.set(tool.name, ajv.compile(tool.outputSchema))
    }
    return validators.get(name)?.(result) ?? false
  }
  const ask = async (name: string, given: JsonObject): Promise<ToolAnswer> => {
    const { structuredContent, isError = false, content } = await client.callTool({ name, arguments: given })
    const [text] = content
    if (text?.type !== 'text') throw new Error('no text')
    if (text.text !== JSON.stringify(structuredContent)) throw new Error('the text is not the structured content')
    // The client of the SDK does not check results with `isError`.
    if (!(await fits(name, structuredContent))) throw new Error(`${name}: not of its output schema: ${text.text}`)
    return { result: structuredContent as JsonObject, isError }
  }
  return {
    revision: client.getNegotiatedProtocolVersion(),
    tools,
    ask,
    async call(name, given) {
      const { result, isError } = await ask(name, given)
      if (isError || result.outcome !== 'success') throw new Error(`${name}: ${JSON.stringify(result)}`)
      return result
    },
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    async read(uri) {
      const [content] = (await client.readResource({ uri })).contents
      if (content === undefined || !('text' in content)) throw new Error('no text')
      return content.text
    },
    close: () => client.close(),
  }
}
