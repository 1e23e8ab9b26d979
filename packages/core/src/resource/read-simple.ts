/**
 * Values of simple types: texts, booleans, numbers, dates, binary.
 * @see RFC 7643 §2.3.1 to §2.3.7
 */
import { consistsOf } from '../ascii.js'
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import type { JsonValue } from '../json/value.js'
import type { Attribute } from '../schema/attribute.js'
import { instantOf } from '../schema/date-time.js'

/**
 * The stored form of one value of a simple type, which is not null. Throws 400 invalidValue that names the attribute.
 */
export function readSimple(
  attribute: Attribute,
  type: Exclude<Attribute['type'], 'complex'>,
  value: JsonValue,
  interop: InteropSwitches,
): JsonValue {
  switch (type) {
    case 'string':
      if (typeof value === 'string') return value
      // HR systems send employee numbers as numbers. A fraction has no unique spelling, and a secret is never guessed.
      if (isInteger(value) && interop.integersForStrings && attribute.mutability !== 'writeOnly') {
        return String(value)
      }
      throw wrongType(attribute, 'a string')
    case 'reference':
      if (typeof value === 'string') return value
      throw wrongType(attribute, 'a string')
    case 'boolean':
      return readBoolean(attribute, value, interop)
    case 'integer':
      if (isInteger(value)) return value
      throw wrongType(attribute, 'a whole number')
    case 'decimal':
      if (typeof value === 'number') return value
      throw wrongType(attribute, 'a number')
    case 'dateTime':
      if (typeof value === 'string' && instantOf(value) !== undefined) return value
      throw wrongType(attribute, 'a date and time such as "2011-05-13T04:42:34Z"')
    case 'binary':
      if (typeof value === 'string' && isBase64(value)) return value
      throw wrongType(attribute, 'base64 text')
  }
}

function isInteger(value: JsonValue): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** The error for a value of another type. */
export function wrongType(attribute: Attribute, expected: string): Error {
  return scimError.invalidValue(`${attribute.path} takes ${expected}.`)
}

function readBoolean(attribute: Attribute, value: JsonValue, interop: InteropSwitches): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string' && interop.stringBooleans) {
    const lower = value.length <= 5 ? value.toLowerCase() : ''
    if (lower === 'true') return true
    if (lower === 'false') return false
  }
  throw wrongType(attribute, 'true or false')
}

function isBase64(text: string): boolean {
  let end = text.length
  while (end > 0 && text[end - 1] === '=' && text.length - end < 2) end--
  // RFC 4648 §4 and its URL-safe alphabet of §5, as RFC 7643 §2.3.6 allows both.
  if (!consistsOf(text.slice(0, end), '+/-_')) return false
  return (text.length === end || text.length % 4 === 0) && end % 4 !== 1
}
