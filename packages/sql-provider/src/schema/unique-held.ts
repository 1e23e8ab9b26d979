/** Which unique values are a resource's own. */
import type { JsonObject, UniqueKey } from '@scimkit/core'
import { indexedPath, keyRows } from '../writing/key-rows.js'

/**
 * The unique keys to keep of those that are in the database for a document. What is unique is not in the document, so
 * they cannot be made from it; all are kept, with one exception. Versions before this one could leave the key of a value
 * that was replaced while keys were made. If one key of an attribute is of the document's value, the others are such.
 */
export function heldKeys(document: JsonObject, keys: readonly UniqueKey[]): readonly UniqueKey[] {
  if (keys.length < 2) return keys
  const isOwn = ({ attribute, key }: UniqueKey): boolean =>
    keyRows(document, [indexedPath(attribute)], []).some(([, , , fold, exact]) => key === fold || key === exact)
  const own = keys.filter(isOwn)
  const settled = new Set(own.map(({ attribute }) => attribute))
  return keys.filter((key) => own.includes(key) || !settled.has(key.attribute))
}
