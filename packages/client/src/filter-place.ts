/** Where in a filter the text written so far has led: just enough of the grammar to know what may come next. */

/** A place between two characters of a filter. */
export interface Place {
  /** What is open: `"` within a quoted text, else the brackets and parentheses around this place, the innermost last. */
  readonly open: string
  /** What may stand here: a condition, the value of a comparison, or something else. */
  readonly expects: 'term' | 'value' | 'other'
  /** The word that ends here, if the text goes on in the middle of one. */
  readonly word: string
  /** Of a text that is open: what was open around it. */
  readonly around: string
}

/** Before the first character. */
export const start: Place = { open: '', expects: 'term', word: '', around: '' }

const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']
const beforeTerms = ['and', 'or', 'not']

/** The place after more text. Throws a TypeError for a bracket that closes what is not open. */
export function afterText(from: Place, text: string): Place {
  let { open, expects, word, around } = from
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    if (open === '"') {
      if (character === '\\') i++
      else if (character === '"') [open, around, expects] = [around, '', 'other']
    } else if (character === '"') {
      ;[open, around, word] = ['"', open, '']
    } else if (character === ' ') {
      if (word !== '') expects = afterWord(word, expects)
      word = ''
    } else if (character === '(' || character === '[') {
      ;[open, expects, word] = [open + character, 'term', '']
    } else if (character === ')' || character === ']') {
      const opening = character === ')' ? '(' : '['
      if (!open.endsWith(opening)) throw new TypeError(`filter: "${character}" closes nothing`)
      ;[open, expects, word] = [open.slice(0, -1), 'other', '']
    } else {
      word += character
    }
  }
  // In the middle of a word nothing may be put in.
  return { open, expects: word === '' ? expects : 'other', word, around }
}

// An operator follows a path, so a path called "eq" is one while a condition is expected.
function afterWord(word: string, expected: Place['expects']): Place['expects'] {
  const lower = word.toLowerCase()
  if (beforeTerms.includes(lower)) return 'term'
  return expected === 'other' && operators.includes(lower) ? 'value' : 'other'
}
