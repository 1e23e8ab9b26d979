/**
 * Changes to the elements of a multi-valued attribute. Elements that an operation leaves alone keep their identity,
 * which is how {@link keepOnePrimary} knows the new ones.
 * @see RFC 7644 §3.5.2; RFC 7643 §2.4
 */
import { scimError } from '../errors.js'
import type { Filter } from '../filter/ast.js'
import { isObject, type JsonObject, type JsonValue, jsonEqual, own } from '../json.js'
import { withKey } from '../resource/document.js'
import { canonicalText, elementKey, isPrimaryFlag, isSame } from '../resource/equality.js'
import type { Attribute } from '../schema/attribute.js'
import { refersToResource } from '../schema/computed.js'

/**
 * The elements with others appended. What is there already is not added twice; for a reference (`members`) the id
 * decides, elsewhere an element with the same `value` and `type` takes on the new element's other parts. What is the
 * same by the `caseExact` of its attribute keeps the spelling that is stored.
 */
export function appended(
  attribute: Attribute,
  elements: readonly JsonValue[],
  added: readonly JsonValue[],
): readonly JsonValue[] {
  const result = [...elements]
  const present = new Set(elements.map((element) => elementKey(attribute, element)))
  const positions = new Map<string, number>()
  for (const [position, element] of elements.entries()) {
    const key = valueAndType(attribute, element)
    if (key !== undefined && !positions.has(key)) positions.set(key, position)
  }
  for (const element of added) {
    const key = elementKey(attribute, element)
    if (present.has(key)) continue
    present.add(key)
    const identity = valueAndType(attribute, element)
    const position = identity === undefined ? undefined : positions.get(identity)
    if (position !== undefined) {
      result[position] = withNewParts(attribute, result[position] as JsonValue, element)
      continue
    }
    if (identity !== undefined) positions.set(identity, result.length)
    result.push(element)
  }
  return distinct(attribute, result)
}

// RFC 7643 §2.4: the same (type, value) combination should not be there twice. A reference is identified by its id alone.
function valueAndType(attribute: Attribute, element: JsonValue): string | undefined {
  const value = attribute.subAttributes.get('value')
  if (value === undefined || refersToResource(attribute) || !isObject(element) || typeof element.value !== 'string') {
    return undefined
  }
  const type = attribute.subAttributes.get('type')
  return JSON.stringify([canonicalText(value, element.value), canonicalText(type, element.type)])
}

function withNewParts(attribute: Attribute, element: JsonValue, parts: JsonValue): JsonValue {
  if (!isObject(element) || !isObject(parts)) return element
  let merged: JsonObject = element
  for (const name of Object.keys(parts)) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    if (!isSame(sub, own(merged, name), parts[name])) merged = withKey(merged, name, parts[name])
  }
  return merged
}

/** The elements without those that are equal to an earlier one. @see RFC 7643 §2.4 */
export function distinct(attribute: Attribute, elements: readonly JsonValue[]): readonly JsonValue[] {
  const seen = new Set<string>()
  return elements.filter((element) => {
    const key = elementKey(attribute, element)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** One element with the parts of another over it; the same element if nothing changes. */
export function mergedElement(element: JsonValue, parts: JsonValue): JsonValue {
  if (!isObject(element) || !isObject(parts)) return jsonEqual(element, parts) ? element : parts
  let merged: JsonObject = element
  for (const name of Object.keys(parts)) {
    if (!jsonEqual(own(merged, name), parts[name])) merged = withKey(merged, name, parts[name])
  }
  return merged
}

/** The elements that are not among those named: by id for references, else by all the parts that are named. */
export function without(
  attribute: Attribute,
  elements: readonly JsonValue[],
  named: readonly JsonValue[],
): readonly JsonValue[] {
  if (refersToResource(attribute)) {
    const ids = new Set(named.map((element) => elementKey(attribute, element)))
    return elements.filter((element) => !ids.has(elementKey(attribute, element)))
  }
  return elements.filter((element) => !named.some((pattern) => hasParts(attribute, element, pattern)))
}

function hasParts(attribute: Attribute, element: JsonValue, pattern: JsonValue): boolean {
  if (!isObject(element) || !isObject(pattern)) return isSame(attribute, element, pattern)
  return Object.keys(pattern).every((name) => {
    const [part, wanted] = [own(element, name), pattern[name]]
    // RFC 7643 §2.4: an element without `primary` is as one with false.
    if (isPrimaryFlag(attribute, name) && wanted === false) return part !== true
    return isSame(attribute.subAttributes.get(name.toLowerCase()), part, wanted)
  })
}

/**
 * After one operation: if it made an element primary, the others are not any more. Two new primaries in one
 * operation are 400 invalidValue. @see RFC 7644 §3.5.2 ("SHALL set the value of the existing attribute to false")
 */
export function keepOnePrimary(
  attribute: Attribute,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): readonly JsonValue[] {
  if (!attribute.subAttributes.has('primary')) return after
  const known = new Set(before)
  const identity = (element: JsonValue): string => valueAndType(attribute, element) ?? elementKey(attribute, element)
  const wasPrimary = new Set(before.filter(isPrimary).map(identity))
  const fresh = after.filter(
    (element) => isPrimary(element) && !known.has(element) && !wasPrimary.has(identity(element)),
  )
  if (fresh.length > 1) throw scimError.invalidValue(`${attribute.path}: only one value may be primary.`)
  const [winner] = fresh
  if (winner === undefined) return after
  return after.map((element) =>
    element !== winner && isObject(element) && isPrimary(element) ? withKey(element, 'primary', false) : element,
  )
}

function isPrimary(element: JsonValue): boolean {
  return isObject(element) && element.primary === true
}

/**
 * The parts that a filter made of `eq` alone would need to match: `type eq "work"` gives `{type: "work"}`.
 * Undefined for any other filter: nobody can say what it asks for.
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

/** The element with another value for one part; undefined takes it away. Throws 400 mutability for an immutable part. */
export function withPart(element: JsonValue, sub: Attribute, value: JsonValue | undefined): JsonValue {
  if (!isObject(element)) return element
  const before = own(element, sub.name)
  if (sub.mutability === 'immutable' && before !== undefined && !jsonEqual(before, value)) {
    throw scimError.mutability(`${sub.path} is immutable and has a value already.`)
  }
  return withKey(element, sub.name, value)
}

/** True for a reference without its id: it refers to nothing. */
export function refersNowhere(attribute: Attribute, value: JsonObject): boolean {
  if (!refersToResource(attribute)) return false
  const id = own(value, 'value')
  return id === undefined || id === ''
}
