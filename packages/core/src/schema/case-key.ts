import { composed } from './composed.js'
import { withUsualWidth } from './width.js'

/**
 * The one key under which text that ignores case is equal and unique, on every store: full-width and half-width forms
 * as their usual ones, then full lower-casing, then NFC. Composed and decomposed spellings of one name have one key.
 * @see RFC 7644 §5, RFC 8265 §3.3 (UsernameCaseMapped)
 */
export function caseKey(text: string): string {
  const ascii = asciiCaseOf(text)
  if (ascii !== undefined) return ascii === 'lower' ? text : text.toLowerCase()
  // Lower-casing can decompose (U+0130) or leave a sequence that composes, so normalise before and after.
  // toLowerCase gives a sigma at the end of a word another form (ς), so that one name would have two keys.
  return composed(composed(withUsualWidth(text)).toLowerCase().replaceAll('ς', 'σ'))
}

/** The key of text whose case counts: NFC only. */
export function exactKey(text: string): string {
  return composed(text)
}

// Most names are ASCII, and many lower-case already; a scan is cheaper than four passes. Undefined for all others.
function asciiCaseOf(text: string): 'lower' | 'mixed' | undefined {
  let found: 'lower' | 'mixed' = 'lower'
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7e) return undefined
    if (unit >= 0x41 && unit <= 0x5a) found = 'mixed'
  }
  return found
}

/** Orders text by Unicode code point, as UTF-8 stores do; JavaScript's own order differs on astral characters. */
export function compareCodePoints(left: string, right: string): number {
  const shared = Math.min(left.length, right.length)
  for (let i = 0; i < shared; i++) {
    const a = left.charCodeAt(i)
    const b = right.charCodeAt(i)
    if (a !== b) return surrogatesLast(a) - surrogatesLast(b)
  }
  return left.length - right.length
}

// UTF-16 puts surrogates (astral characters) below U+E000..U+FFFF; code point order puts them above.
function surrogatesLast(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
