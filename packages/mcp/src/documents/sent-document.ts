import { type JsonObject, own } from '@scimkit/core/json'
import type { ResourceType } from '@scimkit/core/schema'

/** The document of a tool's argument, with the `schemas` that it has values of. @see RFC 7643 §3 */
export function sentDocument(type: ResourceType, resource: JsonObject): JsonObject {
  const extensions = type.extensions.map(({ schema }) => schema.id).filter((id) => own(resource, id) !== undefined)
  return { ...resource, schemas: [type.schema.id, ...extensions] }
}
