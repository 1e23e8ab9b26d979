/** The unique values that belong to a resource. */
import type { JsonObject } from '@scimkit/core/json'
import type { UniqueKey } from '@scimkit/core/provider'
import { indexedPath, keyRows } from './key-rows.js'

/**
 * The unique keys of a document to keep, of those in the database. The document does not say which attributes are unique, so the
 * keys cannot be computed from it; all are kept, with one exception. Earlier versions could leave the key of a value that was
 * replaced during reindexing. If one key of an attribute matches the value of the document, the other keys are such leftovers.
 */
export function heldKeys(document: JsonObject, keys: readonly UniqueKey[]): readonly UniqueKey[] {
  if (keys.length < 2) return keys
  const isOwn = ({ attribute, key }: UniqueKey): boolean =>
    keyRows(document, [indexedPath(attribute)], []).some(([, , , fold, exact]) => key === fold || key === exact)
  const own = keys.filter(isOwn)
  const settled = new Set(own.map(({ attribute }) => attribute))
  return keys.filter((key) => own.includes(key) || !settled.has(key.attribute))
}
