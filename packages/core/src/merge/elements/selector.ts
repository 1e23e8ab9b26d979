/**
 * The filter between brackets that selects one element of a list: `value eq "a@b.example"`, `type eq "work"`, or both.
 * No other forms: real servers support these three.
 * @see RFC 7644 §3.5.2, figure 7 (valuePath)
 */
import { isSensitive } from '../../filter/sensitive.js'
import { isArray, isObject, type JsonValue } from '../../json/value.js'
import { defaultLimits } from '../../limits.js'
import type { Attribute } from '../../schema/attribute.js'
import { keyOf } from '../../schema/value-key.js'

/** A filter that an element matches. */
export interface Selector {
  /** Between the brackets, values escaped. */
  readonly text: string
  /** The same for all elements of the attribute that the filter matches. */
  readonly key: string
  /** The names of the parts that it compares. */
  readonly parts: readonly string[]
}

const partsUsed: readonly (readonly string[])[] = [['value'], ['type'], ['value', 'type']]

/**
 * The filters that an element matches, the most widely supported first. None for an element that no filter can express.
 */
export function selectorsOf(attribute: Attribute, element: JsonValue): readonly Selector[] {
  if (attribute.type !== 'complex') return selectorOf([['value', attribute, element]])
  if (!isObject(element)) return []
  return partsUsed.flatMap((names) =>
    selectorOf(names.map((name) => [name, attribute.subAttributes.get(name), element[name]])),
  )
}

type Part = readonly [name: string, attribute: Attribute | undefined, value: JsonValue | undefined]

function selectorOf(parts: readonly Part[]): readonly Selector[] {
  const texts: string[] = []
  const keys: JsonValue[] = []
  for (const [name, attribute, value] of parts) {
    if (attribute === undefined || value === undefined || isArray(value) || isSensitive(attribute)) return []
    const key = keyOf(attribute, value)
    if (key === undefined) return []
    // JSON's escapes are the filter's (RFC 7644 §3.4.2.2), so no value can end its quotes.
    texts.push(`${name} eq ${JSON.stringify(value)}`)
    keys.push(name, key)
  }
  const text = texts.join(' and ')
  // A certificate does not go into a path.
  return text.length > longest ? [] : [{ text, key: JSON.stringify(keys), parts: parts.map(([name]) => name) }]
}

// Room for the longest attribute path around it.
const longest = defaultLimits.patchPathLength - 300

/** How many elements of a list match each selector. */
export function countSelectors(attribute: Attribute, elements: readonly JsonValue[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const element of elements) countElement(counts, attribute, element, 1)
  return counts
}

/** Counts one element in, or with -1 out. */
export function countElement(counts: Map<string, number>, attribute: Attribute, element: JsonValue, by: 1 | -1): void {
  for (const { key } of selectorsOf(attribute, element)) counts.set(key, (counts.get(key) ?? 0) + by)
}
