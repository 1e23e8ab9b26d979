import { isJson } from '../json/is-json.js'
import { isArray, isObject, type JsonValue } from '../json/value.js'
import type { Attribute } from '../schema/attribute.js'
import { keyOf } from '../schema/value-key.js'
import { danglingReferencesIn } from './dangling-references.js'
import { fits, tidy } from './tidy.js'

/**
 * The value that a strategy's function returned for a place, checked: undefined for none. `isElement`: the place is one
 * element of the attribute. Throws a TypeError for a value that is not JSON, and for one that the attribute cannot
 * have.
 */
export function givenValue(
  path: string,
  attribute: Attribute | undefined,
  isElement: boolean,
  given: unknown,
): JsonValue | undefined {
  if (given === undefined) return undefined
  if (!isJson(given)) throw new TypeError(`the strategy for ${path} returned a value that is not JSON`)
  // Tidying would remove the element, and the strategy did not return that.
  if (isElement && danglingReferencesIn(attribute, given).size > 0) {
    throw new TypeError(`the strategy for ${path} returned a reference without a value`)
  }
  const value = tidy(attribute, isElement && given !== null ? [given] : given)
  if (value === undefined || attribute === undefined) return value
  if (!fits(attribute, value) || !hasTypes(attribute, value)) {
    throw new TypeError(`the strategy for ${path} returned a value that ${attribute.path} cannot have`)
  }
  return isElement && isArray(value) ? value[0] : value
}

function hasTypes(attribute: Attribute, value: JsonValue): boolean {
  if (isArray(value)) return value.every((element) => hasTypes(attribute, element))
  if (!isObject(value)) return keyOf(attribute, value) !== undefined
  return [...attribute.subAttributes.values()].every((sub) => {
    const part = value[sub.name]
    return part === undefined || (fits(sub, part) && hasTypes(sub, part))
  })
}
