import type { JsonObject } from '@scimkit/core'
import { plain } from './plain.js'

/**
 * A draft with `schemas`: its own, else the URN of its type and those of the extensions that it has values of.
 * @see RFC 7643 §3
 */
export function withSchemas(draft: object, urn: string): JsonObject {
  const document = plain(draft)
  if (document.schemas !== undefined) return document
  const extensions = Object.keys(document).filter((name) => name.toLowerCase().startsWith('urn:'))
  return { schemas: [urn, ...extensions], ...document }
}

/** The same, where the URN may have to be asked for: only if it is needed. */
export async function withSchemasOf(draft: object, urn: () => Promise<string>): Promise<JsonObject> {
  return withSchemas(draft, 'schemas' in draft && draft.schemas !== undefined ? '' : await urn())
}
