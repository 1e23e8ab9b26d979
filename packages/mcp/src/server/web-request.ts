/** The web request and response that the SDK takes and gives, from and to those of adapters. */
import { ScimError } from '@scimkit/core'
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

/** The request without its body, which is passed on as it was parsed. Throws 400 for a header field that no web request can have. */
export function webRequest(request: ScimRequest): Request {
  const headers = new Headers()
  for (const name of headerNames) {
    const value = request.header(name)
    if (value !== undefined) setField(headers, name, value)
  }
  // The address has no meaning here: the path was matched before.
  return new Request('http://mcp.invalid/', { method: request.method, headers })
}

function setField(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value)
  } catch (cause) {
    throw new ScimError(400, `The header field ${name} has a character that is not allowed.`, { cause })
  }
}

/** The response, read to its end. */
export async function scimResponse(response: Response): Promise<ScimResponse> {
  const headers: Record<string, string> = {}
  response.headers.forEach((value, name) => {
    // A field of one connection, which HTTP/2 does not have (RFC 9113 §8.2.2).
    if (name !== 'connection') headers[spelled(name)] = value
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
