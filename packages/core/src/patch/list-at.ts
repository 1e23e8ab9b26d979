/**
 * The list at a path, whatever part of its elements the path names. A complex single value counts as a list of at most
 * one, because a filter may pick it too (`manager[value eq "…"]`).
 */
import { scimError } from '../errors.js'
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js'
import { isEmptyValue, valueAt, withValueAt } from '../resource/document.js'
import type { Attribute, AttributePath } from '../schema/attribute.js'
import { refersNowhere } from './elements.js'

/** The elements there are. */
export function elementsAt(document: JsonObject, path: AttributePath): readonly JsonValue[] {
  const value = valueAt(document, wholeAttribute(path))
  if (value === undefined) return []
  return isArray(value) ? value : [value]
}

/** The document with other elements; emptied ones go. Throws 400 mutability if none are left of a required list. */
export function withList(document: JsonObject, path: AttributePath, elements: readonly JsonValue[]): JsonObject {
  const whole = wholeAttribute(path)
  const kept = elements.filter((element) => !isEmptyValue(element) && !isDangling(path, element))
  if (kept.length > 0) return withValueAt(document, whole, path.attribute?.multiValued ? kept : kept[0])
  if (path.attribute?.required && valueAt(document, whole) !== undefined) {
    throw scimError.mutability(`${path.attribute.path} is required.`)
  }
  return withValueAt(document, whole, undefined)
}

function isDangling({ attribute }: AttributePath, element: JsonValue): boolean {
  return attribute !== undefined && isObject(element) && refersNowhere(attribute, element)
}

/** The end of a request that would clear a list by an empty string. @see RFC 7643 §2.5 (null and [] unassign) */
export function notCleared(attribute: Attribute): Error {
  return scimError.invalidValue(`${attribute.path} is a list: an empty string is not a value; [] or null clears it.`)
}

/** The path without the part of the elements that it names. */
export function wholeAttribute(path: AttributePath): AttributePath {
  return path.sub === undefined ? path : { ...path, text: path.attribute?.path ?? path.text, sub: undefined }
}
