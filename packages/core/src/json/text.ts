/**
 * A JSON parser of our own, because `JSON.parse` does not report duplicate keys, has no limits, and recurses as deep as
 * its input.
 * @see RFC 8259
 */
import { scimError } from '../errors.js'
import type { Limits } from '../limits.js'
import type { Steps } from '../pacing/portions.js'
import { checkKey, tooDeep, tooManyElements, tooManyKeys, tooManyValues } from './rules.js'
import {
  type Cursor,
  closeBrace,
  closeBracket,
  colon,
  comma,
  demand,
  openBrace,
  openBracket,
  quote,
  readNumber,
  readText,
  readWord,
  skipSpace,
  take,
  unexpected,
} from './scan.js'
import { emptyObject, type JsonValue, type MutableJsonObject } from './value.js'

/**
 * The position of a text in a body: the number of arrays and objects around it, and of the values of the body before
 * it.
 */
export interface JsonPlace {
  readonly depth: number
  values: number
}

/**
 * The one JSON value in a well-formed text. A text that is itself a value of a body has its position in `place`, so
 * that the limits apply to the body as a whole; its values are added there. Ends the request with invalidSyntax or
 * invalidValue.
 */
export function parseJson(text: string, limits: Limits, place: JsonPlace = { depth: 0, values: 0 }): JsonValue {
  const cursor: Cursor = { text, limits, at: 0, values: place.values }
  const reading: Reading = { open: undefined, value: undefined }
  readOn(cursor, reading, place.depth, Number.POSITIVE_INFINITY)
  place.values = cursor.values
  return reading.value ?? null
}

/** The same value of a long text, in steps of so many characters, about a millisecond each. */
export function* parseJsonInSteps(text: string, limits: Limits, charactersInStep = 65_536): Steps<JsonValue> {
  const cursor: Cursor = { text, limits, at: 0, values: 0 }
  const reading: Reading = { open: undefined, value: undefined }
  while (!readOn(cursor, reading, 0, cursor.at + charactersInStep)) yield
  return reading.value ?? null
}

/** An array or object whose end has not been read. */
interface Open {
  readonly parent: Open | undefined
  readonly depth: number
  /** Undefined for an object. */
  readonly array: JsonValue[] | undefined
  readonly object: MutableJsonObject
  /** The key whose value comes next, and the number of keys so far. */
  key: string
  keys: number
}

/** How far a text has been read. There is no recursion, so that reading can stop before any value and continue there. */
interface Reading {
  open: Open | undefined
  /** The whole, once its end has been read. */
  value: JsonValue | undefined
}

/** Reads until the end, true, or to the first value behind a place in the text. */
function readOn(cursor: Cursor, reading: Reading, depth: number, place: number): boolean {
  while (cursor.at < place) {
    let value = beginValue(cursor, reading, depth)
    // An array or object has begun, and not ended: its first value comes next.
    if (value === undefined) continue
    for (;;) {
      const { open } = reading
      if (open === undefined) {
        skipSpace(cursor)
        if (cursor.at < cursor.text.length) throw unexpected(cursor.at)
        reading.value = value
        return true
      }
      if (open.array === undefined) open.object[open.key] = value
      else open.array.push(value)
      if (take(cursor, comma)) {
        beginElement(cursor, open)
        break
      }
      demand(cursor, open.array === undefined ? closeBrace : closeBracket)
      value = open.array ?? open.object
      reading.open = open.parent
    }
  }
  return false
}

/** The value that comes next; undefined if it is an array or object with something in it. */
function beginValue(cursor: Cursor, reading: Reading, depth: number): JsonValue | undefined {
  skipSpace(cursor)
  if (++cursor.values > cursor.limits.jsonValues) throw tooManyValues(cursor.limits.jsonValues)
  switch (cursor.text.charCodeAt(cursor.at)) {
    case quote:
      return readText(cursor)
    case openBrace:
      return beginContainer(cursor, reading, undefined, depth)
    case openBracket:
      return beginContainer(cursor, reading, [], depth)
    case 0x74:
      return readWord(cursor, 'true', true)
    case 0x66:
      return readWord(cursor, 'false', false)
    case 0x6e:
      return readWord(cursor, 'null', null)
    default:
      return readNumber(cursor)
  }
}

function beginContainer(
  cursor: Cursor,
  reading: Reading,
  array: JsonValue[] | undefined,
  depth: number,
): JsonValue | undefined {
  const parent = reading.open
  const around = parent === undefined ? depth : parent.depth
  if (around >= cursor.limits.jsonDepth) throw tooDeep(cursor.limits.jsonDepth)
  const object = array === undefined ? emptyObject() : nothing
  cursor.at++
  if (take(cursor, array === undefined ? closeBrace : closeBracket)) return array ?? object
  const open: Open = { parent, depth: around + 1, array, object, key: '', keys: 0 }
  beginElement(cursor, open)
  reading.open = open
  return undefined
}

const nothing = emptyObject()

/** Reads the text before a value: in an object, its key. */
function beginElement(cursor: Cursor, open: Open): void {
  const { limits } = cursor
  if (open.array !== undefined) {
    if (open.array.length >= limits.arrayLength) throw tooManyElements(limits.arrayLength)
    return
  }
  if (++open.keys > limits.objectKeys) throw tooManyKeys(limits.objectKeys)
  open.key = readKey(cursor)
  if (open.key in open.object) throw scimError.invalidSyntax('Duplicate key in a JSON object.')
  demand(cursor, colon)
}

function readKey(cursor: Cursor): string {
  skipSpace(cursor)
  if (cursor.text.charCodeAt(cursor.at) !== quote) throw unexpected(cursor.at)
  const name = readText(cursor)
  checkKey(name)
  return name
}
