import { deepCopy, type JsonObject, type JsonValue } from '@scimkit/core/json'

/** A deeply frozen copy; any change of it throws. */
export function frozenCopy(document: JsonObject): JsonObject {
  const copy = deepCopy(document)
  freeze(copy)
  return copy
}

function freeze(value: JsonValue): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const inner of Object.values(value)) freeze(inner as JsonValue)
}
