/** Bulk requests, put together and asked. */
import type { JsonObject, JsonValue } from '../../src/json.js'
import type { Answered, Server } from './server.js'

export const bulkRequestUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
export const bulkResponseUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'

/** One POST. */
export function bulkOp(method: string, path: string, bulkId: string, data: JsonValue): JsonObject {
  return { method, path, bulkId, data }
}

/** Asks for these operations. */
export async function bulkOf(
  server: Server,
  operations: readonly JsonValue[],
  more: JsonObject = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  return server.post('/Bulk', { schemas: [bulkRequestUrn], Operations: operations, ...more }, headers)
}
