import { isDigit } from '../ascii.js'
import { type ScimError, scimError } from '../errors.js'
import type { Limits } from '../limits.js'
import type { Steps } from '../pacing/portions.js'
import {
  checkKey,
  checkNumber,
  checkText,
  textTooLong,
  tooDeep,
  tooManyElements,
  tooManyKeys,
  tooManyValues,
} from './rules.js'
import { emptyObject, type JsonValue, type MutableJsonObject } from './value.js'

/**
 * A JSON parser of our own, because `JSON.parse` does not report duplicate keys, has no limits, and recurses as deep as
 * its input.
 * @see RFC 8259
 */

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

interface Cursor {
  readonly text: string
  readonly limits: Limits
  at: number
  /** Values begun so far. */
  values: number
}

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

/** A string without escapes is a slice; it needs no further check, for the text around it is well-formed Unicode. */
function readText(cursor: Cursor): string {
  const { text } = cursor
  const longest = cursor.limits.stringLength
  const start = cursor.at + 1
  for (let at = start; ; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) {
      if (at - start > longest) throw textTooLong(longest)
      cursor.at = at + 1
      return text.slice(start, at)
    }
    if (unit === backslash) return readEscapedText(cursor, at)
    // In this order, NaN, which is the end of the text, is caught as well.
    if (!(unit >= 0x20)) throw unexpected(at)
  }
}

/** The platform unescapes one literal at a time: it must not parse objects. */
function readEscapedText(cursor: Cursor, firstEscape: number): string {
  const start = cursor.at
  const end = endOfText(cursor.text, firstEscape)
  cursor.at = end
  // Six characters are the longest that one character can be written with.
  if (end - start - 2 > cursor.limits.stringLength * 6) throw textTooLong(cursor.limits.stringLength)
  const text = unescapeLiteral(cursor.text.slice(start, end))
  if (text === undefined) throw unexpected(start)
  checkText(text, cursor.limits.stringLength)
  return text
}

function endOfText(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) return at + 1
    if (unit === backslash) at++
  }
  throw unexpected(text.length)
}

function unescapeLiteral(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string
  } catch {
    return undefined
  }
}

function readNumber(cursor: Cursor): number {
  const { text } = cursor
  const start = cursor.at
  let at = text.charCodeAt(start) === minus ? start + 1 : start
  at = text.charCodeAt(at) === zero ? at + 1 : afterDigits(text, at)
  if (text.charCodeAt(at) === dot) at = afterDigits(text, at + 1)
  if (isExponent(text.charCodeAt(at))) at = afterDigits(text, afterSign(text, at + 1))
  cursor.at = at
  // Most numbers are one digit; a slice and a conversion cost ten times as much.
  return at === start + 1 ? text.charCodeAt(start) - zero : checkNumber(Number(text.slice(start, at)))
}

function afterDigits(text: string, start: number): number {
  let at = start
  while (isDigit(text.charCodeAt(at))) at++
  if (at === start) throw unexpected(at)
  return at
}

function afterSign(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit === 0x2b || unit === minus ? at + 1 : at
}

const isExponent = (unit: number): boolean => unit === 0x65 || unit === 0x45

function readWord<Value extends JsonValue>(cursor: Cursor, word: string, value: Value): Value {
  if (!cursor.text.startsWith(word, cursor.at)) throw unexpected(cursor.at)
  cursor.at += word.length
  return value
}

/** True, and past it, if this is what comes next after white space. */
function take(cursor: Cursor, wanted: number): boolean {
  skipSpace(cursor)
  if (cursor.text.charCodeAt(cursor.at) !== wanted) return false
  cursor.at++
  return true
}

function demand(cursor: Cursor, wanted: number): void {
  if (!take(cursor, wanted)) throw unexpected(cursor.at)
}

function skipSpace(cursor: Cursor): void {
  const { text } = cursor
  let { at } = cursor
  if (text.charCodeAt(at) > 0x20) return
  let unit = text.charCodeAt(at)
  while (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) unit = text.charCodeAt(++at)
  cursor.at = at
}

// The position and not the character: input is never shown.
const unexpected = (at: number): ScimError => scimError.invalidSyntax(`The body is not JSON at character ${at + 1}.`)
