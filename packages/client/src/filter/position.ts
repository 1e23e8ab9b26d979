/** The parser position after a part of a filter: as much of the grammar as is needed to know which token is allowed next. */

/** A position between two characters of a filter. */
export interface Position {
  /** The open delimiters: `"` within a quoted text, else the enclosing brackets and parentheses, the innermost last. */
  readonly open: string
  /** What is allowed here: a condition, the value of a comparison, or something else. */
  readonly expects: 'term' | 'value' | 'other'
  /** The beginning of the current word, if the position is within a word. */
  readonly word: string
  /** Within a quoted text: the delimiters that are open around it. */
  readonly around: string
}

/** Before the first character. */
export const start: Position = { open: '', expects: 'term', word: '', around: '' }

const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']
const beforeTerms = ['and', 'or', 'not']

/** The position after more text. Throws a TypeError for a closing bracket without an opening one. */
export function afterText(from: Position, text: string): Position {
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
      if (!open.endsWith(opening)) throw new TypeError(`filter: "${character}" without an opening bracket`)
      ;[open, expects, word] = [open.slice(0, -1), 'other', '']
    } else {
      word += character
    }
  }
  // Values must not be inserted within a word.
  return { open, expects: word === '' ? expects : 'other', word, around }
}

// An operator follows a path, so "eq" is read as a path while a condition is expected.
function afterWord(word: string, expected: Position['expects']): Position['expects'] {
  const lower = word.toLowerCase()
  if (beforeTerms.includes(lower)) return 'term'
  return expected === 'other' && operators.includes(lower) ? 'value' : 'other'
}
