/** The web request and response that the SDK takes and gives, from and to those of adapters. */
import type { ScimRequest, ScimResponse } from '@scimkit/core/adapter'

// The header fields that the protocol has. @see MCP 2026-07-28, Transports; MCP 2025-11-25, Transports
const headerNames = [
  'accept',
  'content-type',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'last-event-id',
]

/** The request without its body, which is passed on as it was parsed. */
export function webRequest(request: ScimRequest): Request {
  const headers = new Headers()
  for (const name of headerNames) {
    const value = request.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  // The address has no meaning here: the path was matched before.
  return new Request('http://mcp.invalid/', { method: request.method, headers })
}

/** The response, read to its end. */
export async function scimResponse(response: Response): Promise<ScimResponse> {
  const headers: Record<string, string> = {}
  response.headers.forEach((value, name) => {
    headers[spelled(name)] = value
  })
  const body = await response.text()
  return { status: response.status, headers, body: body === '' ? null : body }
}

// `content-type` is `Content-Type`.
function spelled(name: string): string {
  return name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('-')
}
