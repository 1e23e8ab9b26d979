/**
 * The order of keys, and the text that `co`, `sw` and `ew` search in.
 * @see RFC 7644 §3.4.2.2, §3.4.2.3
 */
import type { JsonValue } from '../../json/value.js'
import type { Attribute } from '../../schema/attribute.js'
import { compareCodePoints } from '../../schema/case-key.js'
import { type CompareKey, keyOf } from '../../schema/value-key.js'

/**
 * The text that `co`, `sw` and `ew` search in: the key of text; of a dateTime the text itself, so that `sw "2011-05"`
 * works.
 */
export function searchedText(attribute: Attribute, value: JsonValue): string | undefined {
  if (attribute.type === 'dateTime') return typeof value === 'string' ? value : undefined
  const key = keyOf(attribute, value)
  return typeof key === 'string' ? key : undefined
}

/** Orders two keys of one attribute: text by code point, times by instant, false before true. */
export function compareKeys(left: CompareKey, right: CompareKey): number {
  if (typeof left === 'string' && typeof right === 'string') return compareCodePoints(left, right)
  return Number(left) - Number(right)
}
