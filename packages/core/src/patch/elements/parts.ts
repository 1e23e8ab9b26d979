/**
 * The parts of one element: set, combined, cleared, or required by a filter.
 * @see RFC 7644 §3.5.2; RFC 7643 §2.4, §2.5
 */
import { scimError } from '../../errors.js'
import type { Filter } from '../../filter/ast.js'
import { isObject, type JsonObject, type JsonValue, jsonEqual, own } from '../../json/value.js'
import { isUnassigning, withKey } from '../../resource/document.js'
import type { Attribute } from '../../schema/attribute.js'
import { isComputed, refersToResource } from '../../schema/computed.js'

/** One element with the parts of another over it; the same element if nothing changes. */
export function mergedElement(element: JsonValue, parts: JsonValue): JsonValue {
  if (!isObject(element) || !isObject(parts)) return jsonEqual(element, parts) ? element : parts
  return withParts(element, parts, (name) => !jsonEqual(own(element, name), parts[name]))
}

/** An element with those parts of another that are new to it; the same element if none is. */
export function withParts(element: JsonObject, parts: JsonObject, isNew: (name: string) => boolean): JsonObject {
  let merged = element
  for (const name of Object.keys(parts)) if (isNew(name)) merged = withKey(merged, name, parts[name])
  return merged
}

/** An object without the parts for which a client sent null or `[]`; the others stay. @see RFC 7643 §2.5 */
export function withoutNulls(attribute: Attribute, value: JsonValue, sent: JsonValue): JsonValue {
  if (!isObject(sent) || !isObject(value)) return value
  let cleared = value
  for (const name of Object.keys(sent)) {
    const sub = isUnassigning(sent[name] as JsonValue) ? attribute.subAttributes.get(name.toLowerCase()) : undefined
    if (sub !== undefined && !isComputed(attribute, sub)) cleared = withKey(cleared, sub.name, undefined)
  }
  return cleared
}

/**
 * The parts that an element needs to match a filter of `eq` alone: `type eq "work"` gives `{type: "work"}`. Undefined
 * for any other filter: its matches cannot be constructed.
 */
export function partsWanted(filter: Filter): ReadonlyMap<string, JsonValue> | undefined {
  const parts = new Map<string, JsonValue>()
  const terms = filter.kind === 'and' ? filter.terms : [filter]
  for (const term of terms) {
    if (term.kind !== 'compare' || term.operator !== 'eq' || term.value === null || !term.path.known) return undefined
    const sub = term.path.compared
    if (sub === undefined || parts.has(sub.name)) return undefined
    parts.set(sub.name, term.value)
  }
  return parts
}

/** The element with another value for one part; undefined removes it. Throws 400 mutability for an immutable part. */
export function withPart(element: JsonValue, sub: Attribute, value: JsonValue | undefined): JsonValue {
  if (!isObject(element)) return element
  const before = own(element, sub.name)
  if (sub.mutability === 'immutable' && before !== undefined && !jsonEqual(before, value)) {
    throw scimError.mutability(`${sub.path} is immutable and has a value already.`)
  }
  return withKey(element, sub.name, value)
}

/** True for a reference without its id: it refers to no resource. */
export function refersNowhere(attribute: Attribute, value: JsonObject): boolean {
  if (!refersToResource(attribute)) return false
  const id = own(value, 'value')
  return id === undefined || id === ''
}
