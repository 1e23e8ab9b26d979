/** A search whose time grows with the length of the text, for any searched part. */

// The platform's own search is faster, and reads each character at most this many times.
const shortPart = 64

/** Returns a function that checks whether a text contains the part. */
export function containing(part: string): (text: string) => boolean {
  if (part.length <= shortPart) return (text) => text.includes(part)
  const borders = bordersOf(part)
  return (text) => contains(text, part, borders)
}

// Knuth, Morris and Pratt: after a mismatch the search continues with the longest beginning of the part that ends here.
function contains(text: string, part: string, borders: Uint32Array): boolean {
  let matched = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    while (matched > 0 && part.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0
    if (part.charCodeAt(matched) === unit) matched += 1
    if (matched === part.length) return true
  }
  return false
}

/** For each place in the part, how long its longest beginning is that ends there and is not all up to there. */
function bordersOf(part: string): Uint32Array {
  const borders = new Uint32Array(part.length)
  let matched = 0
  for (let i = 1; i < part.length; i++) {
    const unit = part.charCodeAt(i)
    while (matched > 0 && part.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0
    if (part.charCodeAt(matched) === unit) matched += 1
    borders[i] = matched
  }
  return borders
}
