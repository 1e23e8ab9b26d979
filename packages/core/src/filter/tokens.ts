/**
 * Filter text as tokens, read one at a time by hand: no regular expression ever processes a client's text.
 * @see RFC 7644 §3.4.2.2, figure 1; RFC 8259 §6, §7 for numbers and strings
 */
import { isDigit, isLetter } from '../ascii.js'
import { type ScimError, scimError } from '../errors.js'
import { closingQuote } from '../schema/brackets.js'

/**
 * One token with its span in UTF-16 units. A word is a path, a keyword, an operator, or a bare literal: only the
 * grammar can decide which. `text` is the source text, `value` the meaning of a quoted string.
 */
export type Token =
  | { readonly kind: 'word'; readonly at: number; readonly end: number; readonly text: string }
  | { readonly kind: 'string'; readonly at: number; readonly end: number; readonly value: string }
  | { readonly kind: '(' | ')' | '[' | ']' | 'end'; readonly at: number; readonly end: number }

/**
 * The error for invalid syntax at this offset of a filter. Names the position and the expected syntax, never the input.
 */
export function unexpected(at: number, expected: string): ScimError {
  return scimError.invalidFilter(`Filter syntax error at character ${at + 1}: expected ${expected}.`)
}

/** The token at or after `from`. Throws 400 invalidFilter if no token can start there, or a string has no end. */
export function tokenAt(text: string, from: number): Token {
  const at = skipSpaces(text, from)
  if (at >= text.length) return { kind: 'end', at, end: at }
  const first = text[at]
  if (first === '(' || first === ')' || first === '[' || first === ']') return { kind: first, at, end: at + 1 }
  if (first === '"') return stringAt(text, at)
  const end = endOfWord(text, at)
  if (end === at) throw unexpected(at, 'a name, a value, a bracket or a parenthesis')
  return { kind: 'word', at, end, text: text.slice(at, end) }
}

/** The unquoted value at or after `from`, up to a space or a closing bracket; undefined if none starts there. */
export function bareValueAt(text: string, from: number): Token | undefined {
  const at = skipSpaces(text, from)
  let end = at
  while (end < text.length && !endsBareValue(text.charCodeAt(end))) end++
  const value = text.slice(at, end)
  return end === at || !isStorable(value) ? undefined : { kind: 'word', at, end, text: value }
}

/** The number that a word spells in JSON's grammar; undefined if it spells none, or one too large to hold. */
export function numberOf(word: string): number | undefined {
  const first = word.charCodeAt(0)
  if (first !== minus && !isDigit(first)) return undefined
  const value = fromJson(word)
  // -0 is 0 to every comparison, and only 0 prints back to itself.
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : undefined
}

const quote = 0x22
const backslash = 0x5c
const minus = 0x2d
const underscore = 0x5f

function skipSpaces(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === 0x20) at++
  return at
}

function stringAt(text: string, at: number): Token {
  const close = closingQuote(text, at)
  if (close === undefined) throw unexpected(at, 'a string that ends with a quote')
  // The span is known, so JSON.parse only decodes escapes: exact, and linear in the length.
  const value = fromJson(text.slice(at, close + 1))
  if (typeof value !== 'string') throw unexpected(at, 'a JSON string')
  if (!isStorable(value)) throw unexpected(at, 'a string without U+0000 and lone surrogates')
  return { kind: 'string', at, end: close + 1, value }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// A URN may contain more kinds of characters than a name: all printable ones that the grammar does not use otherwise.
function endOfWord(text: string, from: number): number {
  const isUrn = text.slice(from, from + 4).toLowerCase() === 'urn:'
  let end = from
  while (end < text.length && (isUrn ? isUrnUnit : isWordUnit)(text.charCodeAt(end))) end++
  return end
}

function isWordUnit(unit: number): boolean {
  if (isLetter(unit) || isDigit(unit)) return true
  return unit === minus || unit === underscore || unit === 0x2e || unit === 0x3a || unit === 0x24 || unit === 0x2b
}

function isUrnUnit(unit: number): boolean {
  if (unit <= 0x20 || unit > 0x7e || unit === quote || unit === backslash) return false
  return unit !== 0x28 && unit !== 0x29 && unit !== 0x5b && unit !== 0x5d
}

function endsBareValue(unit: number): boolean {
  return unit <= 0x20 || unit === quote || unit === 0x28 || unit === 0x29 || unit === 0x5b || unit === 0x5d
}

// No document may contain these (they are refused in bodies), and stores treat them differently.
function isStorable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0) return false
    if (unit < 0xd800 || unit > 0xdfff) continue
    const next = text.charCodeAt(i + 1)
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false
    i++
  }
  return true
}
