/** A text of the corpus, changed at random: characters, pieces, words of the target's language, parts of other texts. */

const characters = [
  ...[
    '"',
    "'",
    '\\',
    '/',
    '%',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ':',
    ';',
    ',',
    '.',
    '=',
    '&',
    '#',
    '?',
    '*',
    '-',
    '_',
    '~',
    ' ',
  ],
  ...[
    '\u0000',
    '\u0001',
    '\u001f',
    '\t',
    '\n',
    '\r',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u00e9',
    '\u0130',
    '\u03a3',
    '\u200b',
    '\u202e',
    '\u2028',
    '\ufeff',
  ],
  ...['\ud800', '\udc00', '😀', '0', '1', '9', 'a', 'z', 'A', 'Z', '$'],
]
const numbers = [
  '0',
  '-0',
  '-1',
  '1e400',
  '1e-400',
  '0.1',
  '9007199254740993',
  '-9223372036854775809',
  'NaN',
  '1E+2',
  '00',
]
const longest = 20_000

/** One to four changes. `texts` are the texts of the corpus, `words` those of the target's language. */
export function mutated(text, random, { texts, words }) {
  let result = text
  for (let left = 1 + random.below(4); left > 0; left--) result = random.pick(changes)(result, random, texts, words)
  return result.slice(0, longest)
}

const changes = [
  (text, random) => inserted(text, random, random.pick(characters)),
  (text, random, _texts, words) => inserted(text, random, random.pick(words)),
  (text, random) => inserted(text, random, random.pick(numbers)),
  (text, random) => replaced(text, random, random.pick(characters)),
  (text, random, _texts, words) => replaced(text, random, random.pick(words)),
  (text, random) => replaced(text, random, ''),
  // A piece again, many times: nesting and long lists.
  (text, random) => {
    const [start, end] = piece(text, random)
    return text.slice(0, end) + text.slice(start, end).repeat(random.pick([1, 2, 30, 300])) + text.slice(end)
  },
  // A piece at another place.
  (text, random) => {
    const [start, end] = piece(text, random)
    return inserted(text.slice(0, start) + text.slice(end), random, text.slice(start, end))
  },
  // The beginning of this text and the end of another one.
  (text, random, texts) => {
    const other = random.pick(texts)
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1))
  },
  (text, random, texts) => inserted(text, random, random.pick(texts)),
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => {
    const [start, end] = piece(text, random)
    const part = text.slice(start, end)
    return text.slice(0, start) + (random.oneIn(2) ? part.toUpperCase() : part.toLowerCase()) + text.slice(end)
  },
  // A character, as an escape of JSON or of a URL.
  (text, random) => {
    const at = random.below(text.length + 1)
    const code = (text.charCodeAt(at) || 0).toString(16).padStart(4, '0')
    return text.slice(0, at) + (random.oneIn(2) ? `\\u${code}` : `%${code.slice(2)}`) + text.slice(at + 1)
  },
]

function inserted(text, random, part) {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + part + text.slice(at)
}

function replaced(text, random, part) {
  const [start, end] = piece(text, random)
  return text.slice(0, start) + part + text.slice(end)
}

function piece(text, random) {
  const start = random.below(text.length + 1)
  return [start, Math.min(text.length, start + 1 + random.below(random.pick([1, 4, 16, 64])))]
}
