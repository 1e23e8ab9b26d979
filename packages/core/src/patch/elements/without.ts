/**
 * Removes elements of a multi-valued attribute that a request names.
 * @see RFC 7644 §3.5.2.2; RFC 7643 §2.4
 */
import { isObject, type JsonValue, own } from '../../json/value.js'
import { atOnce, elementsInStep, mapInSteps, type Steps } from '../../pacing/portions.js'
import { canonicalText, elementKey, isPrimaryFlag } from '../../resource/equality.js'
import type { Attribute } from '../../schema/attribute.js'
import { refersToResource } from '../../schema/computed.js'

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
