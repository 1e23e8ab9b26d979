import type { JsonValue } from '@scimkit/core'
import type { ScimResponse } from '@scimkit/core/adapter'

/** An error response of JSON-RPC with the id of its request, null if that is not known. @see JSON-RPC 2.0 §5.1 */
export function jsonRpcError(status: number, code: number, message: string, id: JsonValue = null): ScimResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }),
  }
}
