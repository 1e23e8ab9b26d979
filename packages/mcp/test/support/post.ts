/** Requests to an endpoint in this process, as an adapter would pass them. */
import type { JsonObject, JsonValue } from '@scimkit/core'
import type { HttpHandler, ScimRequest, ScimResponse } from '@scimkit/core/adapter'

export interface Posted {
  readonly method?: string
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  /** JSON, or the text of a body that is not JSON. */
  readonly body?: JsonValue | Uint8Array
}

/** The headers that a client sends. */
export const usualHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  authorization: 'Bearer acme.agent',
}

/** The metadata of a request of revision 2026-07-28. */
export const modernMeta: JsonObject = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

export function post(
  handler: HttpHandler,
  { method = 'POST', target = '/mcp', headers, body }: Posted,
): Promise<ScimResponse> {
  const all: Record<string, string> = { ...usualHeaders, ...headers }
  const bytes =
    body instanceof Uint8Array ? body : new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))
  const request: ScimRequest = {
    method,
    target,
    mount: '',
    scheme: 'https',
    host: 'scim.example',
    header: (name) => all[name],
    body: async (limit) => (bytes.length > limit ? { kind: 'tooLarge' } : { kind: 'bytes', bytes }),
  }
  return handler.handle(request)
}

/** A request of revision 2026-07-28 with the headers that it needs. */
export function modern(method: string, params: JsonObject = {}, id: JsonValue = 1): Posted {
  const { name } = params
  return {
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
    },
    body: { jsonrpc: '2.0', id, method, params: { ...params, _meta: modernMeta } },
  }
}

/** The JSON of a response. */
export function jsonOf({ body }: ScimResponse): JsonObject {
  return JSON.parse(body ?? 'null') as JsonObject
}
