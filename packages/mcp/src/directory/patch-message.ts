import type { JsonObject, JsonValue } from '@scimkit/core'
import type { PatchOperationInput } from '@scimkit/core/patch'

/** The PatchOp message with these operations. @see RFC 7644 §3.5.2 */
export function patchMessage(operations: readonly PatchOperationInput[]): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: operations.map(({ op, path, value }) => ({
      op,
      ...(path !== undefined && { path }),
      ...(value !== undefined && { value: value as JsonValue }),
    })),
  }
}
