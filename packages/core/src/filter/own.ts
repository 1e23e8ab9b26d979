import type { JsonObject, JsonValue } from '../json.js'

/** What stands under the name in the object itself; never what it inherits. */
export function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
