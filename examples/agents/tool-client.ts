import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { token } from './office.js'

/** The result of a tool, as an agent sees it. */
export interface ToolAnswer {
  readonly outcome: 'success' | 'conflict' | 'mergeConflict' | 'error'
  readonly id?: string
  readonly version?: string
  readonly currentVersion?: string
  readonly changed?: readonly string[]
  readonly resource?: Readonly<Record<string, unknown>>
  readonly resources?: readonly ToolAnswer[]
  readonly nextStep?: string
  readonly detail?: string
}

/** A connection of one agent. */
export interface ToolClient {
  call(tool: string, given: Readonly<Record<string, unknown>>): Promise<ToolAnswer>
  close(): Promise<void>
}

/** Connects with the official client of the protocol, as the program around a model does. */
export async function toolClient(url: string): Promise<ToolClient> {
  const client = new Client({ name: 'example', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }))
  return {
    async call(tool, given) {
      const { structuredContent } = await client.callTool({ name: tool, arguments: { ...given } })
      return structuredContent as unknown as ToolAnswer
    },
    close: () => client.close(),
  }
}
