import { PassThrough } from 'node:stream'
import { createScim, noAuthentication, tenantId } from '@scimkit/core'
import { httpFetchHandler } from '@scimkit/fetch-http'
import { type McpOptions, scimMcp } from '@scimkit/mcp'
import { serveMcpStdio } from '@scimkit/mcp/stdio'
import { memoryProvider } from '@scimkit/memory-provider'

export async function run(): Promise<void> {
  const options: McpOptions = { provider: memoryProvider(), authenticate: noAuthentication() }
  const answer = await httpFetchHandler(scimMcp(options))(
    new Request('https://app.example/mcp', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
    }),
  )
  const text = await answer.text()
  if (!text.includes('"patch_user"')) throw new Error(`${answer.status} ${text.slice(0, 200)}`)

  const scim = createScim({ provider: memoryProvider() })
  const [input, output] = [new PassThrough(), new PassThrough()]
  const context = scim.context({ tenant: tenantId('default') })
  const server = serveMcpStdio({ kind: 'local', scim, context, supportsIdempotencyKeys: true }, { input, output })
  input.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })}\n`)
  const [line] = await new Promise<readonly Buffer[]>((resolve) => {
    output.once('data', (chunk: Buffer) => resolve([chunk]))
  })
  if (line === undefined || !line.toString().includes('"tools"')) throw new Error(String(line).slice(0, 200))
  await server.close()
}
