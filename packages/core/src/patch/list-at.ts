/**
 * The list at a path, whatever part of its elements the path names. A complex single value counts as a list of at most
 * one, because a filter may select it too (`manager[value eq "…"]`).
 */
import { scimError } from '../errors.js'
import { isArray, type JsonObject, type JsonValue } from '../json/value.js'
import { atOnce, type Steps } from '../pacing/portions.js'
import { valueAt, withValueAt } from '../resource/document.js'
import type { AttributePath } from '../schema/attribute.js'
import { distinctInSteps } from './elements/append.js'

/** The current elements. */
export function elementsAt(document: JsonObject, path: AttributePath): readonly JsonValue[] {
  const value = valueAt(document, wholeAttribute(path))
  if (value === undefined) return []
  return isArray(value) ? value : [value]
}

/**
 * The document with other elements: empty ones are removed, and of equal ones the first is kept (RFC 7643 §2.4). Throws
 * 400 mutability if a required list becomes empty.
 */
export function withList(document: JsonObject, path: AttributePath, elements: readonly JsonValue[]): JsonObject {
  return atOnce(withListInSteps(document, path, elements))
}

/** {@link withList} in steps. */
export function* withListInSteps(
  document: JsonObject,
  path: AttributePath,
  elements: readonly JsonValue[],
): Steps<JsonObject> {
  const whole = wholeAttribute(path)
  const kept = path.attribute === undefined ? elements : yield* distinctInSteps(path.attribute, elements)
  if (kept.length > 0) return withValueAt(document, whole, path.attribute?.multiValued ? kept : kept[0])
  if (path.attribute?.required && valueAt(document, whole) !== undefined) {
    throw scimError.mutability(`${path.attribute.path} is required.`)
  }
  return withValueAt(document, whole, undefined)
}

/** The path without the part of the elements that it names. */
export function wholeAttribute(path: AttributePath): AttributePath {
  return path.sub === undefined ? path : { ...path, text: path.attribute?.path ?? path.text, sub: undefined }
}
