/**
 * Changes to the elements of a multi-valued attribute.
 * @see RFC 7644 §3.5.2; RFC 7643 §2.4
 */
import { scimError } from '../errors.js'
import type { Filter } from '../filter/ast.js'
import { isObject, type JsonObject, type JsonValue, jsonEqual, own } from '../json/value.js'
import { atOnce, elementsInStep, mapInSteps, type Steps } from '../pacing/portions.js'
import { isEmptyValue, isUnassigning, withKey } from '../resource/document.js'
import { canonicalText, elementKey, isPrimaryFlag, isSame } from '../resource/equality.js'
import type { Attribute } from '../schema/attribute.js'
import { isComputed, refersToResource } from '../schema/computed.js'

/**
 * The elements with others appended. An element that exists already is not added twice. An existing element with the
 * same id (a reference), else with the same `value` and `type`, takes on the new element's other parts. A part that is
 * equal by the `caseExact` of its attribute keeps its stored spelling.
 */
export function appended(
  attribute: Attribute,
  elements: readonly JsonValue[],
  added: readonly JsonValue[],
): readonly JsonValue[] {
  return atOnce(appendedInSteps(attribute, elements, added))
}

/** {@link appended} in steps. */
export function* appendedInSteps(
  attribute: Attribute,
  elements: readonly JsonValue[],
  added: readonly JsonValue[],
): Steps<readonly JsonValue[]> {
  const result = [...elements]
  const present = new Set<string>()
  const isReference = refersToResource(attribute)
  const positions = new Map<string, number>()
  for (const [position, element] of elements.entries()) {
    if (position % elementsInStep === elementsInStep - 1) yield
    present.add(elementKey(attribute, element))
    const identity = identityOf(attribute, element)
    if (identity !== undefined && !positions.has(identity)) positions.set(identity, position)
  }
  for (const [number, element] of added.entries()) {
    if (number % elementsInStep === elementsInStep - 1) yield
    const key = elementKey(attribute, element)
    if (present.has(key) && !isReference) continue
    const identity = identityOf(attribute, element)
    const position = identity === undefined ? undefined : positions.get(identity)
    // Two new elements of one value and type that differ elsewhere are both kept: docs/adr/0027.
    if (identity !== undefined && !isReference) positions.delete(identity)
    if (position !== undefined) {
      result[position] = withNewParts(attribute, result[position] as JsonValue, element)
    } else if (!present.has(key)) {
      result.push(element)
    }
    present.add(key)
  }
  return result
}

// RFC 7643 §2.4: the same (type, value) combination should not occur twice. A reference is identified by its id alone.
function identityOf(attribute: Attribute, element: JsonValue): string | undefined {
  const value = attribute.subAttributes.get('value')
  if (value === undefined || !isObject(element) || typeof element.value !== 'string') return undefined
  if (refersToResource(attribute)) return elementKey(attribute, element)
  const known = identities.get(element)
  if (known?.value === value) return known.identity
  const type = attribute.subAttributes.get('type')
  const identity = JSON.stringify([canonicalText(value, element.value), canonicalText(type, element.type)])
  identities.set(element, { value, identity })
  return identity
}

const identities = new WeakMap<JsonObject, { readonly value: Attribute; readonly identity: string }>()

// An existing immutable part stays: the element exists already, and adding it is not an attempt to change it.
function withNewParts(attribute: Attribute, element: JsonValue, parts: JsonValue): JsonValue {
  if (!isObject(element) || !isObject(parts)) return element
  return withParts(element, parts, (name) => {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    const stays = sub?.mutability === 'immutable' && refersToResource(attribute)
    return !stays && !isSame(sub, own(element, name), parts[name])
  })
}

/** The elements without empty ones and without those that are equal to an earlier one, in steps. @see RFC 7643 §2.4 */
export function* distinctInSteps(attribute: Attribute, elements: readonly JsonValue[]): Steps<readonly JsonValue[]> {
  // Ids that never change cannot become equal, and a group may have a hundred thousand of them.
  const areUnequal = refersToResource(attribute) && attribute.subAttributes.get('value')?.mutability === 'immutable'
  const seen = new Set<string>()
  const kept: JsonValue[] = []
  for (const [number, element] of elements.entries()) {
    if (number % elementsInStep === elementsInStep - 1) yield
    if (isEmptyValue(element) || isDangling(attribute, element)) continue
    if (!areUnequal) {
      const key = elementKey(attribute, element)
      if (seen.has(key)) continue
      seen.add(key)
    }
    kept.push(element)
  }
  return kept
}

function isDangling(attribute: Attribute, element: JsonValue): boolean {
  return isObject(element) && refersNowhere(attribute, element)
}

/** One element with the parts of another over it; the same element if nothing changes. */
export function mergedElement(element: JsonValue, parts: JsonValue): JsonValue {
  if (!isObject(element) || !isObject(parts)) return jsonEqual(element, parts) ? element : parts
  return withParts(element, parts, (name) => !jsonEqual(own(element, name), parts[name]))
}

function withParts(element: JsonObject, parts: JsonObject, isNew: (name: string) => boolean): JsonObject {
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

/** The elements that are not among those named: by id for references, else by all the parts that are named. */
export function without(
  attribute: Attribute,
  elements: readonly JsonValue[],
  named: readonly JsonValue[],
): readonly JsonValue[] {
  return atOnce(withoutInSteps(attribute, elements, named))
}

/** {@link without} in steps. */
export function* withoutInSteps(
  attribute: Attribute,
  elements: readonly JsonValue[],
  named: readonly JsonValue[],
): Steps<readonly JsonValue[]> {
  const isNamedOne = refersToResource(attribute) ? yield* namedById(attribute, named) : namedByParts(attribute, named)
  const kept: JsonValue[] = []
  for (const [number, element] of elements.entries()) {
    if (number % elementsInStep === elementsInStep - 1) yield
    if (!isNamedOne(element)) kept.push(element)
  }
  return kept
}

function* namedById(attribute: Attribute, named: readonly JsonValue[]): Steps<(element: JsonValue) => boolean> {
  const ids = new Set(yield* mapInSteps(named, (element) => elementKey(attribute, element)))
  return (element) => ids.has(elementKey(attribute, element))
}

function namedByParts(attribute: Attribute, named: readonly JsonValue[]): (element: JsonValue) => boolean {
  const patterns = named.map((pattern) => partsOf(attribute, pattern))
  return (element) => isNamed(attribute, element, patterns)
}

type Pattern = ReadonlyMap<string, string> | string

// RFC 7643 §2.4: an element without `primary` is equal to one with false, so false sets nothing.
function partsOf(attribute: Attribute, pattern: JsonValue): Pattern {
  if (!isObject(pattern)) return canonicalText(attribute, pattern)
  const parts = new Map<string, string>()
  for (const name of Object.keys(pattern)) parts.set(name, partText(attribute, name, pattern[name]))
  return parts
}

function isNamed(attribute: Attribute, element: JsonValue, patterns: readonly Pattern[]): boolean {
  if (!isObject(element)) {
    const text = canonicalText(attribute, element)
    return patterns.includes(text)
  }
  const texts = new Map<string, string>()
  const textOf = (name: string): string => {
    const known = texts.get(name)
    if (known !== undefined) return known
    const text = partText(attribute, name, own(element, name))
    texts.set(name, text)
    return text
  }
  return patterns.some((pattern) => {
    if (typeof pattern === 'string') return false
    for (const [name, text] of pattern) if (textOf(name) !== text) return false
    return true
  })
}

function partText(attribute: Attribute, name: string, part: JsonValue | undefined): string {
  if (isPrimaryFlag(attribute, name) && part === false) return ''
  return canonicalText(attribute.subAttributes.get(name.toLowerCase()), part)
}

/**
 * After one operation: if it made an element primary, the others lose the flag. `after` has the elements of `before` at
 * their places, and new ones after them. Two new primaries in one operation are 400 invalidValue.
 * @see RFC 7644 §3.5.2 ("SHALL set the value of the existing attribute to false")
 */
export function keepOnePrimary(
  attribute: Attribute,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): readonly JsonValue[] {
  if (!attribute.subAttributes.has('primary')) return after
  const fresh = after.filter((element, place) => isPrimary(element) && !isPrimary(before[place]))
  if (fresh.length > 1) throw scimError.invalidValue(`${attribute.path}: only one value may be primary.`)
  const [winner] = fresh
  if (winner === undefined) return after
  const key = elementKey(attribute, winner)
  return after
    .filter((element) => element === winner || !isPrimary(element) || elementKey(attribute, element) !== key)
    .map((element) =>
      element !== winner && isObject(element) && isPrimary(element) ? withKey(element, 'primary', false) : element,
    )
}

function isPrimary(element: JsonValue | undefined): boolean {
  return isObject(element) && element.primary === true
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
