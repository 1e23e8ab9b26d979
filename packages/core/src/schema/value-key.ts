/**
 * The key under which two values of an attribute are equal. Filters, sorting, uniqueness, the equality of elements and
 * stores with key columns all use these keys, so they agree.
 * @see RFC 7643 §2.3 (types), §2.2 (`caseExact`); RFC 7644 §3.4.2.2, §3.4.2.3
 */
import type { JsonValue } from '../json/value.js'
import type { Attribute } from './attribute.js'
import { caseKey, exactKey } from './case-key.js'
import { instantOf } from './date-time.js'

/** Text as its key, a dateTime as milliseconds since 1970, numbers and booleans as they are. */
export type CompareKey = string | number | boolean

/** The key of one value of a simple attribute; undefined for a value that is not of the attribute's type. */
export function keyOf(attribute: Attribute, value: JsonValue): CompareKey | undefined {
  switch (attribute.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'integer':
    case 'decimal':
      return typeof value === 'number' ? value : undefined
    case 'dateTime':
      return typeof value === 'string' ? instantOf(value) : undefined
    case 'string':
    case 'reference':
    case 'binary':
      return typeof value === 'string' ? textKey(attribute, value) : undefined
    case 'complex':
      return undefined
  }
}

// Errata 6000 and 8470: the case of Base64 always counts.
function textKey(attribute: Attribute, text: string): string {
  return attribute.caseExact || attribute.type === 'binary' ? exactKey(text) : caseKey(text)
}
