/** JSON values without the schema of an attribute, as a result shows them: texts cleaned and shortened, lists shortened. */
import { isArray, isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'
import type { ResultBounds } from './bounds.js'
import { shownText } from './shown-text.js'

/** The value within the bounds. Its depth is that of values in documents. */
export function shownJson(value: JsonValue, bounds: ResultBounds): JsonValue {
  if (typeof value === 'string') return shownText(value, bounds.textLength)
  if (isArray(value)) return value.slice(0, bounds.listLength).map((element) => shownJson(element, bounds))
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [
    shownText(name, bounds.textLength),
    shownJson(member, bounds),
  ])
  return Object.fromEntries(members) as JsonObject
}
