import type { JsonObject } from '@scimkit/core/json'
import { toJson } from '../to-json.js'

/**
 * A draft with `schemas`: its own, else the URN of its type and the URNs of the extensions in the draft.
 * @see RFC 7643 §3
 */
export function withSchemas(draft: object, urn: string): JsonObject {
  const document = toJson(draft)
  if (document.schemas !== undefined) return document
  const extensions = Object.keys(document).filter((name) => name.toLowerCase().startsWith('urn:'))
  return { schemas: [urn, ...extensions], ...document }
}

/** The same with a URN that may require a request, which is made only if it is needed. */
export async function withSchemasOf(draft: object, urn: () => Promise<string>): Promise<JsonObject> {
  return withSchemas(draft, 'schemas' in draft && draft.schemas !== undefined ? '' : await urn())
}
