/** The operations of a PATCH and its body. @see RFC 7644 §3.5.2 */
import type { JsonObject } from '@scimkit/core/json'
import type { DiffOperation } from '@scimkit/core/merge'

/** One operation of a PATCH. @see RFC 7644 §3.5.2 */
export type PatchOperation =
  | DiffOperation
  | { readonly op: 'add' | 'replace'; readonly path?: string; readonly value: unknown }

/** The body of a PATCH. @see RFC 7644 §3.5.2 */
export function patchBody(operations: readonly JsonObject[]): JsonObject {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }
}
