import { isArray, isObject, type JsonValue } from '../json.js'
import type { Attribute } from '../schema/attribute.js'
import { keyOf } from '../schema/value-key.js'
import { isJson } from './is-json.js'
import { straysIn } from './strays.js'
import { fits, tidy } from './tidy.js'

/**
 * What a strategy's function gave for a place, checked: undefined for none. `isElement`: the place is one element of the
 * attribute. Throws a TypeError for what is no JSON, and for what the attribute cannot hold.
 */
export function givenValue(
  path: string,
  attribute: Attribute | undefined,
  isElement: boolean,
  given: unknown,
): JsonValue | undefined {
  if (given === undefined) return undefined
  if (!isJson(given)) throw new TypeError(`the strategy for ${path} gave something that is no JSON value`)
  // To be tidied away would be to remove the element, and nobody said so.
  if (isElement && straysIn(attribute, given).size > 0) {
    throw new TypeError(`the strategy for ${path} gave a reference without a value`)
  }
  const value = tidy(attribute, isElement && given !== null ? [given] : given)
  if (value === undefined || attribute === undefined) return value
  if (!fits(attribute, value) || !hasTypes(attribute, value)) {
    throw new TypeError(`the strategy for ${path} gave a value that ${attribute.path} cannot hold`)
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
