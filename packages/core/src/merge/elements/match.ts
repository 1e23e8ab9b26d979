/**
 * Matches the elements of one list with those of another. SCIM gives elements no ids, so their content identifies them:
 * `value` and `type` together, then `value`, then `type`: the only `work` address on either side is the same one,
 * changed. Referenced resources (`members`) are identified by their id alone.
 * @see RFC 7643 §2.4
 */
import { isObject, type JsonValue } from '../../json/value.js'
import { canonicalText } from '../../resource/equality.js'
import type { Attribute } from '../../schema/attribute.js'
import { refersToResource } from '../../schema/computed.js'

/** Positions in two lists that are the same element. */
export interface Match {
  readonly left: number
  readonly right: number
  /**
   * True if they share only a part of their identity: a `value` under another `type`, or a `type` with another `value`.
   */
  readonly isGuess: boolean
}

type KeyOfElement = (element: JsonValue) => string | undefined

/** The elements that both lists have, each in one match at most. An element with several candidates has no match. */
export function matchElements(
  attribute: Attribute,
  left: readonly JsonValue[],
  right: readonly JsonValue[],
): readonly Match[] {
  const guesses = [partKey(attribute, 'value'), partKey(attribute, 'type')]
  const isIdentified = attribute.type !== 'complex' || refersToResource(attribute)
  return inRounds(
    left,
    right,
    isIdentified ? [identityKey(attribute)] : certainKeys(attribute),
    isIdentified ? [] : guesses,
  )
}

/** {@link matchElements} for elements that both sides have added: similar elements are not the same. */
export function matchAdded(
  attribute: Attribute,
  left: readonly JsonValue[],
  right: readonly JsonValue[],
): readonly Match[] {
  return inRounds(left, right, certainKeys(attribute), [])
}

/** The identity of an element: its id, its `value` and `type`, without a value its `type` alone. */
export function identityKey(attribute: Attribute): (element: JsonValue) => string {
  const value = attribute.subAttributes.get('value')
  const type = attribute.subAttributes.get('type')
  if (attribute.type !== 'complex' || refersToResource(attribute)) {
    return (element) =>
      isObject(element) && element.value !== undefined
        ? canonicalText(value, element.value)
        : canonicalText(attribute, element)
  }
  return (element) => {
    if (!isObject(element)) return canonicalText(attribute, element)
    return JSON.stringify([canonicalText(value, element.value), canonicalText(type, element.type)])
  }
}

function certainKeys(attribute: Attribute): readonly KeyOfElement[] {
  return [(element) => canonicalText(attribute, element), identityKey(attribute)]
}

function partKey(attribute: Attribute, name: string): KeyOfElement {
  const sub = attribute.subAttributes.get(name)
  return (element) => {
    const value = isObject(element) ? element[name] : undefined
    return value === undefined ? undefined : canonicalText(sub, value)
  }
}

function inRounds(
  left: readonly JsonValue[],
  right: readonly JsonValue[],
  certain: readonly KeyOfElement[],
  guesses: readonly KeyOfElement[],
): readonly Match[] {
  const matches: Match[] = []
  const leftOver = { left: new Set(left.keys()), right: new Set(right.keys()) }
  for (const key of [...certain, ...guesses]) {
    if (leftOver.left.size === 0 || leftOver.right.size === 0) break
    const rights = onlyOnes(right, leftOver.right, key)
    for (const [text, position] of onlyOnes(left, leftOver.left, key)) {
      const found = rights.get(text)
      if (found === undefined) continue
      matches.push({ left: position, right: found, isGuess: guesses.includes(key) })
      leftOver.left.delete(position)
      leftOver.right.delete(found)
    }
  }
  return matches
}

// By key, the positions of elements that share it with no other.
function onlyOnes(
  elements: readonly JsonValue[],
  positions: ReadonlySet<number>,
  keyOf: KeyOfElement,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const several = new Set<string>()
  for (const position of positions) {
    const key = keyOf(elements[position] as JsonValue)
    if (key === undefined) continue
    if (found.has(key)) several.add(key)
    found.set(key, position)
  }
  for (const key of several) found.delete(key)
  return found
}
