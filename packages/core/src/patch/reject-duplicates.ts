import { scimError } from '../errors.js'
import { isObject, type JsonValue } from '../json/value.js'
import type { AttributePath } from '../schema/attribute.js'
import { isComputed } from '../schema/computed.js'

/**
 * Notes the attributes that one key of an object of attributes sets. `seen` contains the attributes that the object has
 * set so far, in any spelling and container. Throws 400 invalidValue for a duplicate: `department` and `Department`, or
 * `name` with a givenName and `name.givenName`, are ambiguous.
 */
export function rejectDuplicates(seen: Set<string>, path: AttributePath, value: JsonValue): void {
  for (const place of [path.text, ...partsGiven(path, value)]) {
    if (seen.has(place)) throw scimError.invalidValue(`Duplicate attribute ${place}.`)
    seen.add(place)
  }
}

// An object sets the parts that it names, anything else (a list, null, text in its place) all of them.
function partsGiven({ attribute, sub }: AttributePath, value: JsonValue): readonly string[] {
  if (attribute === undefined || sub !== undefined) return []
  const parts = [...attribute.subAttributes.values()].filter((part) => !isComputed(attribute, part))
  const names = isObject(value) ? new Set(Object.keys(value).map((name) => name.toLowerCase())) : undefined
  return parts.filter(({ name }) => names?.has(name.toLowerCase()) ?? true).map(({ path }) => path)
}
