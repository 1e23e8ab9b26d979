import { isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'

/**
 * The JSON form of a value: `undefined` is omitted, dates become text. Throws a TypeError if the value is not an object:
 * the usual reason is a change function that modifies its argument and returns nothing.
 */
export function toJson(value: unknown): JsonObject {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
  const copy: JsonValue | undefined = text === undefined ? undefined : JSON.parse(text)
  if (isObject(copy)) return copy
  throw new TypeError('a change must return the new resource, for example (user) => ({ ...user, title: "Countess" })')
}
