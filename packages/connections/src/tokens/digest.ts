/** The digest of a credential, which is stored instead of it. */
import type { Ports } from '@scimkit/core'
import { base64urlOfHex } from './base64url.js'

/** SHA-256 of a text, as 43 characters of base64url; a promise only where the platform needs one. */
export function digestOf(text: string, { digest }: Pick<Ports, 'digest'>): string | Promise<string> {
  const hex = digest(text)
  return typeof hex === 'string' ? base64urlOfHex(hex) : hex.then(base64urlOfHex)
}

/** Compares two digests, or two secrets. The duration does not depend on the number of equal characters. */
export function equalTexts(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i)
  return difference === 0 && left.length > 0
}
