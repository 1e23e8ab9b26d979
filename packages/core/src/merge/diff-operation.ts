import { emptyObject, isArray, isObject, type JsonValue } from '../json/value.js'
import { isEmptyValue } from '../resource/document.js'
import type { Attribute } from '../schema/attribute.js'
import { isComputed } from '../schema/computed.js'

// A type, not an interface: so it is assignable to JsonObject.
/** One operation of a PATCH, as it goes into `Operations`. @see RFC 7644 §3.5.2 */
export type DiffOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string }

/** The operation that sets a place from `before` to `after`, if it is one value; `add` where there was none. */
export function setAt(path: string, before: JsonValue | undefined, after: JsonValue | undefined): DiffOperation {
  if (after === undefined) return { op: 'remove', path }
  return { op: before === undefined ? 'add' : 'replace', path, value: after }
}

/** A value without the parts that only the server sets; undefined if it has no others. */
export function settable(attribute: Attribute | undefined, value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined || attribute === undefined || attribute.type !== 'complex') return value
  if (isArray(value)) {
    const elements = value.map((element) => settable(attribute, element)).filter((element) => element !== undefined)
    return elements.length === 0 ? undefined : elements
  }
  if (!isObject(value)) return value
  const parts = emptyObject()
  for (const name of Object.keys(value)) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    if (sub === undefined || !isComputed(attribute, sub)) parts[name] = value[name] as JsonValue
  }
  return isEmptyValue(parts) ? undefined : parts
}
