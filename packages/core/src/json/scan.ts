/**
 * Reads the tokens of a JSON text: strings, numbers, literals, punctuation and white space.
 * @see RFC 8259 §2, §6, §7
 */
import { isDigit } from '../ascii.js'
import { type ScimError, scimError } from '../errors.js'
import type { Limits } from '../limits.js'
import { checkNumber, checkText, textTooLong } from './rules.js'
import type { JsonValue } from './value.js'

/**
 * A JSON parser of our own, because `JSON.parse` does not report duplicate keys, has no limits, and recurses as deep as
 * its input.
 * @see RFC 8259
 */

/** The code units of punctuation. */
export const quote = 0x22
export const comma = 0x2c
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
export const colon = 0x3a
export const openBracket = 0x5b
const backslash = 0x5c
export const closeBracket = 0x5d
export const openBrace = 0x7b
export const closeBrace = 0x7d

/** A text, and how far it has been read. */
export interface Cursor {
  readonly text: string
  readonly limits: Limits
  at: number
  /** Values begun so far. */
  values: number
}

/** A string without escapes is a slice; it needs no further check, for the text around it is well-formed Unicode. */
export function readText(cursor: Cursor): string {
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

/** The number that comes next. */
export function readNumber(cursor: Cursor): number {
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

/** The value of a literal, if this is what comes next. */
export function readWord<Value extends JsonValue>(cursor: Cursor, word: string, value: Value): Value {
  if (!cursor.text.startsWith(word, cursor.at)) throw unexpected(cursor.at)
  cursor.at += word.length
  return value
}

/** True, and past it, if this is what comes next after white space. */
export function take(cursor: Cursor, wanted: number): boolean {
  skipSpace(cursor)
  if (cursor.text.charCodeAt(cursor.at) !== wanted) return false
  cursor.at++
  return true
}

/** Moves past the character that comes next after white space; 400 invalidSyntax if it is another one. */
export function demand(cursor: Cursor, wanted: number): void {
  if (!take(cursor, wanted)) throw unexpected(cursor.at)
}

/** Moves past white space. */
export function skipSpace(cursor: Cursor): void {
  const { text } = cursor
  let { at } = cursor
  if (text.charCodeAt(at) > 0x20) return
  let unit = text.charCodeAt(at)
  while (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) unit = text.charCodeAt(++at)
  cursor.at = at
}

/** The error for a character that JSON does not allow here. It names the position: input is never shown. */
export const unexpected = (at: number): ScimError =>
  scimError.invalidSyntax(`The body is not JSON at character ${at + 1}.`)
