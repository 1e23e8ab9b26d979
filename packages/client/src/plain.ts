import { deepCopy, isObject, type JsonObject, type JsonValue } from '@scimkit/core'

/**
 * What would be sent of a value: `undefined` left out, dates as text. Throws a TypeError if that is no object: the
 * usual reason is a function that changes what it was given and returns nothing.
 */
export function plain(value: unknown): JsonObject {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
  const copy: JsonValue | undefined = text === undefined ? undefined : JSON.parse(text)
  if (isObject(copy)) return copy
  throw new TypeError('a change must return the new resource, for example (user) => ({ ...user, title: "Countess" })')
}

/** A copy that throws when somebody changes it, at any depth. */
export function frozen(document: JsonObject): JsonObject {
  const copy = deepCopy(document)
  freeze(copy)
  return copy
}

function freeze(value: JsonValue): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const inner of Object.values(value)) freeze(inner as JsonValue)
}
