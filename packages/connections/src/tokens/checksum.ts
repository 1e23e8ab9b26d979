/**
 * The checksum at the end of tokens and secrets, by which scanners of source code avoid false positives, and this
 * server a read of the store for a text that is no token. It protects against nothing else: anyone can compute it.
 */

const polynomial = 0xedb88320
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1
  return value
})

/** Characters of every checksum: 62⁶ is more than 2³². */
export const checksumLength = 6

/** CRC-32 of an ASCII text, as six digits of base 62, the most significant first. */
export function checksum(text: string): string {
  let rest = crc32(text)
  let written = ''
  for (let i = 0; i < checksumLength; i++) {
    written = (digits[rest % 62] ?? '') + written
    rest = Math.floor(rest / 62)
  }
  return written
}

function crc32(text: string): number {
  let value = 0xffffffff
  for (let i = 0; i < text.length; i++) value = (value >>> 8) ^ (table[(value ^ text.charCodeAt(i)) & 0xff] ?? 0)
  return (value ^ 0xffffffff) >>> 0
}
