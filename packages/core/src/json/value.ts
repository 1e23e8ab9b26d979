/**
 * JSON as the core holds it. Objects from outside inherit nothing (see json-text.ts); code here reads own properties
 * and never walks a prototype.
 */

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[]

/** A JSON object; own, enumerable string keys only. Treated as immutable once built. */
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** A JSON object while it is being built. */
export interface MutableJsonObject {
  [name: string]: JsonValue
}

/** The object's own value under the name; never an inherited one. */
export function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

// The prototype of objects from outside: an empty one. `Object.create(null)` would have the same effect, but engines
// keep such objects as hash tables, five to ten times more expensive to create than these.
const nothing: object = Object.freeze(Object.create(null))

function Empty(): void {}
Empty.prototype = nothing
const EmptyObject = Empty as unknown as new () => MutableJsonObject

/** A new object that inherits nothing, for keys from outside: a key is only ever a key. */
export function emptyObject(): MutableJsonObject {
  return new EmptyObject()
}

/** True for `{…}`, false for arrays, null and scalars. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for `[…]`; `Array.isArray` alone does not narrow a readonly array. */
export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** A copy that may be changed at the top level; the values below it are shared. */
export function shallowCopy(source: JsonObject): MutableJsonObject {
  const copy = emptyObject()
  for (const name of Object.keys(source)) copy[name] = source[name] as JsonValue
  return copy
}

/** A copy that shares nothing with the source; objects in it have no prototype. */
export function deepCopy<Value extends JsonValue>(source: Value): Value
export function deepCopy(source: JsonValue): JsonValue {
  if (isArray(source)) return source.map((element) => deepCopy(element))
  if (!isObject(source)) return source
  const copy = emptyObject()
  for (const name of Object.keys(source)) copy[name] = deepCopy(source[name] as JsonValue)
  return copy
}

/** Equality of JSON values; the order of object keys does not count, the order of array elements does. */
export function jsonEqual(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true
  if (isArray(left)) {
    return isArray(right) && left.length === right.length && left.every((element, i) => jsonEqual(element, right[i]))
  }
  if (!isObject(left) || !isObject(right)) return false
  const names = Object.keys(left)
  if (names.length !== Object.keys(right).length) return false
  return names.every((name) => Object.hasOwn(right, name) && jsonEqual(left[name], right[name]))
}

/** One text per JSON value: keys sorted by code unit, no white space. Digests of versions are computed over it. */
export function canonicalJson(value: JsonValue): string {
  if (isArray(value)) return canonicalArray(value)
  return isObject(value) ? canonicalObject(value) : JSON.stringify(value)
}

function canonicalArray(array: readonly JsonValue[]): string {
  let text = ''
  for (const element of array) text += `${text === '' ? '' : ','}${canonicalJson(element)}`
  return `[${text}]`
}

function canonicalObject(object: JsonObject): string {
  let text = ''
  for (const name of Object.keys(object).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(object[name] as JsonValue)}`
  }
  return `{${text}}`
}

const texts = new WeakMap<JsonObject, string>()

/**
 * A document as JSON text, serialised once for all uses: the store, and the response that is spliced from it. A
 * document does not change once it is built; a changed one is another document, with a text of its own.
 */
export function documentText(document: JsonObject): string {
  const known = texts.get(document)
  if (known !== undefined) return known
  const text = JSON.stringify(document)
  texts.set(document, text)
  return text
}
