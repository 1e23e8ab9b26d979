const lastCodePoint = 0x10ffff
const firstSurrogate = 0xd800
const lastSurrogate = 0xdfff

/**
 * The first text, by code point, after all texts with the prefix; undefined if there is none. With it an index can find a prefix:
 * `key >= prefix and key < end`.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix)
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0)
    if (last === undefined || last === lastCodePoint) continue
    const next = last + 1 === firstSurrogate ? lastSurrogate + 1 : last + 1
    return points.join('') + String.fromCodePoint(next)
  }
  return undefined
}
