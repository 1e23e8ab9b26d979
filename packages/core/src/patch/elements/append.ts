/**
 * Appends elements to a multi-valued attribute, and combines those that exist already.
 * @see RFC 7644 §3.5.2.1; RFC 7643 §2.4
 */
import { isObject, type JsonObject, type JsonValue, own } from '../../json/value.js'
import { atOnce, elementsInStep, type Steps } from '../../pacing/portions.js'
import { isEmptyValue } from '../../resource/document.js'
import { canonicalText, elementKey, isSame } from '../../resource/equality.js'
import type { Attribute } from '../../schema/attribute.js'
import { refersToResource } from '../../schema/computed.js'
import { refersNowhere, withParts } from './parts.js'

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
