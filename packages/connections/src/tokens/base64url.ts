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

const isOfAlphabet = new Uint8Array(128)
for (const character of alphabet) isOfAlphabet[character.charCodeAt(0)] = 1

/** True if every character is one of base64url; true for an empty text. */
export function isBase64url(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (isOfAlphabet[text.charCodeAt(i)] !== 1) return false
  return true
}

/** Lower-case hex, of whole bytes, as base64url. */
export function base64urlOfHex(hex: string): string {
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (nibble(hex.charCodeAt(2 * i)) << 4) | nibble(hex.charCodeAt(2 * i + 1))
  }
  return base64url(bytes)
}

// Digits are 0x30 to 0x39, letters begin with 0x61.
function nibble(unit: number): number {
  return unit < 0x61 ? unit - 0x30 : unit - 0x57
}
