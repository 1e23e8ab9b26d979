/**
 * Values as a merge compares them: names in the schema's spelling, unassigned values left out, duplicate elements of a
 * list combined. Values that a server may have returned are never refused; unknown attributes stay as they are.
 * @see RFC 7643 §2.1 (names ignore case), §2.4, §2.5
 */
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { isEmptyValue } from '../resource/document.js'
import { canonicalText } from '../resource/equality.js'
import type { Attribute } from '../schema/attribute.js'
import { refersToResource } from '../schema/computed.js'

/** The value of an attribute, tidied; undefined if it is unassigned. Throws a TypeError for a duplicate part. */
export function tidy(attribute: Attribute | undefined, value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined || isEmptyValue(value)) return undefined
  if (attribute === undefined) return value
  if (!attribute.multiValued) return tidyOne(attribute, value)
  const elements = new Map<string, JsonValue>()
  for (const given of isArray(value) ? value : [value]) {
    const element = tidyOne(attribute, given)
    if (element === undefined) continue
    const key = identityText(attribute, element)
    if (!elements.has(key)) elements.set(key, element)
  }
  return elements.size === 0 ? undefined : [...elements.values()]
}

/** True if the value has the shape that its attribute requires: objects for complex ones, scalars for others. */
export function fits(attribute: Attribute | undefined, value: JsonValue | undefined): boolean {
  if (value === undefined || attribute === undefined) return true
  if (attribute.multiValued) return isArray(value) && value.every((element) => fitsOne(attribute, element))
  return fitsOne(attribute, value)
}

function fitsOne(attribute: Attribute, value: JsonValue): boolean {
  return attribute.type === 'complex' ? isObject(value) : !isObject(value) && !isArray(value)
}

function tidyOne(attribute: Attribute, value: JsonValue): JsonValue | undefined {
  if (value === undefined || isEmptyValue(value)) return undefined
  if (attribute.type !== 'complex') return value
  if (isObject(value)) return tidyParts(attribute, value)
  if (isArray(value) || !attribute.subAttributes.has('value')) return value
  // A bare id or address is an element without other parts.
  const wrapped = emptyObject()
  wrapped.value = value
  return tidyParts(attribute, wrapped)
}

function tidyParts(attribute: Attribute, given: JsonObject): JsonObject | undefined {
  const parts = emptyObject()
  const names = new Set<string>()
  for (const name of Object.keys(given)) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    const spelled = sub?.name ?? name
    if (names.has(spelled)) throw new TypeError(`duplicate attribute ${attribute.path}.${spelled}`)
    names.add(spelled)
    const value = tidy(sub, given[name])
    if (value !== undefined) parts[spelled] = value
  }
  return isEmptyValue(parts) || refersNowhere(attribute, parts) ? undefined : parts
}

// A reference is its id: some clients clear a manager with `{"value":""}`.
function refersNowhere(attribute: Attribute, parts: JsonObject): boolean {
  return refersToResource(attribute) && (parts.value === undefined || parts.value === '') && parts.$ref === undefined
}

// A resource is in a list of references once, whatever the other parts of its elements.
function identityText(attribute: Attribute, element: JsonValue): string {
  const id = refersToResource(attribute) && isObject(element) ? element.value : undefined
  return id === undefined
    ? canonicalText(attribute, element)
    : `id ${canonicalText(attribute.subAttributes.get('value'), id)}`
}
