import type { JsonValue } from '../../json/value.js'
import type { Attribute } from '../../schema/attribute.js'
import { type CompareKey, keyOf } from '../../schema/value-key.js'
import { searchedText } from './compare-key.js'

/** The comparison of the values of one attribute. */
export interface KeysOfAttribute {
  /** The key of a value; undefined for one that is not of the attribute's type. */
  keyed(value: JsonValue): CompareKey | undefined
  /** The text that `co`, `sw` and `ew` search in. */
  searched(value: JsonValue): string | undefined
}

/** Returns the comparison of the values of an attribute; the same for all terms of one filter. */
export type TextKeys = (attribute: Attribute) => KeysOfAttribute

// To remember the key of a short text would cost more than to compute it again.
const longText = 256
const mostKept = 64

/**
 * Keys of long texts are computed once for all terms of a filter: a hundred terms may read the same 65,536 characters.
 */
export function textKeys(): TextKeys {
  const known = new Map<Attribute, KeysOfAttribute>()
  return (attribute) => {
    const found = known.get(attribute) ?? {
      keyed: remembering((value) => keyOf(attribute, value)),
      searched: remembering((value) => searchedText(attribute, value)),
    }
    known.set(attribute, found)
    return found
  }
}

function remembering<Key>(make: (value: JsonValue) => Key): (value: JsonValue) => Key {
  const kept = new Map<string, Key>()
  return (value) => {
    if (typeof value !== 'string' || value.length < longText) return make(value)
    const known = kept.get(value)
    if (known !== undefined) return known
    if (kept.size >= mostKept) kept.clear()
    const key = make(value)
    kept.set(value, key)
    return key
  }
}
