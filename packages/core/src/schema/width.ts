// First, last, and the replacement of the first; the others follow in step. Unicode's <wide> and <narrow>
// decompositions from U+FFA0 on; before that, and for U+3000, NFKC does the same.
const inSteps: readonly (readonly [number, number, number])[] = [
  [0xffa0, 0xffa0, 0x3164],
  [0xffa1, 0xffbe, 0x3131],
  [0xffc2, 0xffc7, 0x314f],
  [0xffca, 0xffcf, 0x3155],
  [0xffd2, 0xffd7, 0x315b],
  [0xffda, 0xffdc, 0x3161],
  [0xffe0, 0xffe1, 0xa2],
  [0xffe2, 0xffe2, 0xac],
  [0xffe3, 0xffe3, 0xaf],
  [0xffe4, 0xffe4, 0xa6],
  [0xffe5, 0xffe5, 0xa5],
  [0xffe6, 0xffe6, 0x20a9],
  [0xffe8, 0xffe8, 0x2502],
  [0xffe9, 0xffec, 0x2190],
  [0xffed, 0xffed, 0x25a0],
  [0xffee, 0xffee, 0x25cb],
]

/**
 * The text with full-width and half-width characters as the usual ones: a reader sees `Ａｄａ` as `Ada`. Only characters
 * that Unicode calls wide or narrow are mapped: the rest of NFKC would make two names equal.
 * @see RFC 8265 §3.3.2 (width mapping)
 */
export function withUsualWidth(text: string): string {
  let usual = ''
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit !== 0x3000 && (unit < 0xff01 || unit > 0xffee)) continue
    usual += text.slice(from, i) + usualWidth(unit)
    from = i + 1
  }
  return from === 0 ? text : usual + text.slice(from)
}

function usualWidth(unit: number): string {
  const character = String.fromCharCode(unit)
  if (unit < 0xffa0) return character.normalize('NFKC')
  const step = inSteps.find(([first, last]) => first <= unit && unit <= last)
  return step === undefined ? character : String.fromCharCode(step[2] + unit - step[0])
}
