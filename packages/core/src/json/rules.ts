import { type ScimError, scimError } from '../errors.js'

/**
 * Rejections beyond the JSON grammar. One rule decides the scimType: an error in the shape of the body is
 * invalidSyntax, an error in one text or number in it is invalidValue. Input is never shown.
 * @see RFC 8259 §8.2, §9 (a parser may set limits); RFC 7644 §3.12
 */

/** Ends the request for a key with a special meaning in JavaScript objects, at any depth. */
export function checkKey(name: string): void {
  if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
    throw scimError.invalidSyntax('Keys named __proto__, constructor or prototype are not allowed.')
  }
}

/**
 * Ends the request for a text that is too long, or that contains U+0000 or half a surrogate pair: stores would change
 * those.
 */
export function checkText(text: string, longest: number): void {
  if (text.length > longest) throw textTooLong(longest)
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0) throw scimError.invalidValue('A text contains U+0000.')
    if (unit < 0xd800 || unit > 0xdfff) continue
    const next = text.charCodeAt(at + 1)
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) {
      throw scimError.invalidValue('A text contains half of a surrogate pair, which is not a character.')
    }
    at++
  }
}

/** The number, with one kind of zero. Ends the request if it is too large to be a number here. */
export function checkNumber(value: number): number {
  if (!Number.isFinite(value)) throw scimError.invalidValue('A number is too large.')
  // Stored as text -0 comes back as 0, so it is never accepted.
  return value === 0 ? 0 : value
}

export const textTooLong = (longest: number): ScimError =>
  scimError.invalidValue(`A text is longer than ${longest} characters.`)

export const tooDeep = (deepest: number): ScimError =>
  scimError.invalidSyntax(`The body is nested deeper than ${deepest} levels.`)

export const tooManyKeys = (most: number): ScimError => scimError.invalidSyntax(`An object has more than ${most} keys.`)

export const tooManyElements = (most: number): ScimError =>
  scimError.invalidSyntax(`An array has more than ${most} elements.`)

export const tooManyValues = (most: number): ScimError =>
  scimError.invalidSyntax(`The body has more than ${most} values in all.`)
