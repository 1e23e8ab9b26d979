/** Bytes as base64url without padding, and which texts have its characters. @see RFC 4648 §5 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Each three bytes are four characters; the rest of one or two bytes is two or three. */
export function base64url(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const rest = bytes.length - at
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const characters = rest === 1 ? 2 : rest === 2 ? 3 : 4
    for (let i = 0; i < characters; i++) text += alphabet[(bits >> (18 - 6 * i)) & 63]
  }
  return text
}

/** True if every character is one of base64url; true for an empty text. */
export function isBase64url(text: string): boolean {
  for (const character of text) if (!alphabet.includes(character)) return false
  return true
}
