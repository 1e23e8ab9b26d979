import { scimError } from '../errors.js'
import { isObject, type JsonValue } from '../json.js'
import type { AttributePath } from '../schema/attribute.js'
import { isComputed } from '../schema/computed.js'

/**
 * Notes what one key of an object of attributes gives. `seen` has what the object has given so far, in whatever spelling
 * and container. Throws 400 invalidValue for what is given again: of `department` and `Department`, and of `name` with a
 * givenName and `name.givenName`, nobody can say which one is meant.
 */
export function giveOnce(seen: Set<string>, path: AttributePath, value: JsonValue): void {
  for (const place of [path.text, ...partsGiven(path, value)]) {
    if (seen.has(place)) throw scimError.invalidValue(`${place} is given twice.`)
    seen.add(place)
  }
}

// An object gives the parts it names, anything else (a list, null, text in its place) all of them.
function partsGiven({ attribute, sub }: AttributePath, value: JsonValue): readonly string[] {
  if (attribute === undefined || sub !== undefined) return []
  const parts = [...attribute.subAttributes.values()].filter((part) => !isComputed(attribute, part))
  const names = isObject(value) ? new Set(Object.keys(value).map((name) => name.toLowerCase())) : undefined
  return parts.filter(({ name }) => names?.has(name.toLowerCase()) ?? true).map(({ path }) => path)
}
