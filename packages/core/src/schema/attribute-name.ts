import { consistsOf, isLetter } from '../ascii.js'

/** Names with a meaning in JavaScript prototypes; no attribute may have one, even if the grammar allows it. */
const prototypeNames: readonly string[] = ['__proto__', 'constructor', 'prototype']

/**
 * True for a legal attribute name: a letter, then letters, digits, `-` and `_`; and `$ref`, which the grammar does not
 * include.
 * @see RFC 7643 §2.1; erratum 6007
 */
export function isAttributeName(name: string): boolean {
  if (name.toLowerCase() === '$ref') return true
  if (name.length === 0 || prototypeNames.includes(name.toLowerCase())) return false
  return isLetter(name.charCodeAt(0)) && consistsOf(name, '-_')
}

/**
 * True for a text that could name an attribute: `name`, `name.sub`, `URN:name`, `URN:name.sub` or a URN alone. It does
 * not check whether a schema has it.
 * @see RFC 7644 §3.5.2 (attrPath), §3.10
 */
export function isAttributePathText(text: string): boolean {
  if (!text.toLowerCase().startsWith('urn:')) return isNameWithSub(text)
  const parts = text.split(':')
  const last = parts.pop() ?? ''
  return isNameWithSub(last) && parts.every(isUrnPart)
}

/** True for `name` or `name.sub`. */
export function isNameWithSub(text: string): boolean {
  const dot = text.indexOf('.')
  if (dot === -1) return isAttributeName(text)
  return isAttributeName(text.slice(0, dot)) && isAttributeName(text.slice(dot + 1))
}

// NSS characters that schema URNs use; quotes, brackets and parentheses are never among them.
function isUrnPart(text: string): boolean {
  return text.length > 0 && consistsOf(text, '.-_+%')
}
