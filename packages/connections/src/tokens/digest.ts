/** The digest of a credential, which is stored instead of it. */
import type { Ports } from '@scimkit/core'
import { base64url } from './base64url.js'

/** SHA-256 of a text, as 43 characters of base64url. */
export async function digestOf(text: string, { digest }: Pick<Ports, 'digest'>): Promise<string> {
  const hex = await digest(text)
  const bytes = Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  )
  return base64url(bytes)
}

/** Compares two digests. The duration does not depend on the number of equal characters. */
export function equalDigests(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i)
  return difference === 0 && left.length > 0
}
