/**
 * NFC in time that grows linearly with the length. `String.prototype.normalize` sorts a run of combining marks by
 * insertion: 65,536 marks in a text that is within all limits take more than a second.
 * @see RFC 7644 §5; UAX #15 §9 (concatenation), §13 (stream-safe text)
 */

// A run of so many marks takes some tenths of a millisecond.
const piece = 1_024
const window = 64

/** The text in NFC. Runs of more than 64 combining marks in long texts are sorted piece by piece. */
export function composed(text: string): string {
  if (text.length <= piece) return text.normalize('NFC')
  let result = ''
  for (let start = 0; start < text.length; ) {
    const end = endOfPiece(text, start)
    result += text.slice(start, end).normalize('NFC')
    start = end
  }
  return result
}

// The last place in the piece where two halves of the text can be composed apart; the whole piece if there is none.
function endOfPiece(text: string, start: number): number {
  const last = start + piece
  if (last >= text.length) return text.length
  for (let at = last; at > last - window; at--) if (isBoundary(text, at)) return at
  return isLowSurrogate(text.charCodeAt(last)) ? last - 1 : last
}

// The combining class of this mark is the highest one: every other mark changes places with it.
const lastMark = '\u0345'

const lookedBack = 8

function isBoundary(text: string, at: number): boolean {
  if (isLowSurrogate(text.charCodeAt(at))) return false
  const next = String.fromCodePoint(text.codePointAt(at) ?? 0)
  if (next < '\u0300') return true
  if (next === lastMark || !(lastMark + next).normalize('NFD').startsWith(lastMark)) return false
  // More than the one before: the third part of a Hangul syllable is composed with the other two together.
  const from = at - lookedBack
  const before = text.slice(isLowSurrogate(text.charCodeAt(from)) ? from + 1 : from, at)
  return (before + next).normalize('NFC') === before.normalize('NFC') + next.normalize('NFC')
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
