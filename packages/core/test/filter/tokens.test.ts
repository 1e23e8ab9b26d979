import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Token, tokenAt } from '../../src/filter/tokens.js'
import { endOfBracket } from '../../src/schema/brackets.js'
import { effort } from './support/effort.js'

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (let from = 0; ; ) {
    const token = tokenAt(text, from)
    if (token.kind === 'end') return tokens
    tokens.push(token)
    from = token.end
  }
}

function decoded(text: string): string {
  const token = tokenAt(text, 0)
  if (token.kind !== 'string') throw new Error('expected a string token')
  return token.value
}

test('words, brackets and spans', () => {
  expect(tokensOf('  a.b[$ref eq "x"].v  ge -1.5e+3)')).toMatchObject([
    { kind: 'word', text: 'a.b', at: 2, end: 5 },
    { kind: '[', at: 5, end: 6 },
    { kind: 'word', text: '$ref' },
    { kind: 'word', text: 'eq' },
    { kind: 'string', value: 'x', at: 14, end: 17 },
    { kind: ']' },
    { kind: 'word', text: '.v' },
    { kind: 'word', text: 'ge' },
    { kind: 'word', text: '-1.5e+3' },
    { kind: ')' },
  ])
})

test('a URN may contain characters that a name may not', () => {
  expect(tokensOf("urn:x:a~b%20@c/d;e=f'g:name pr")[0]).toMatchObject({ text: "urn:x:a~b%20@c/d;e=f'g:name" })
})

// RFC 8259 §7
test.each([
  ['"\\u0041"', 'A'],
  ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
  ['"\\ud83e\\udd8a"', '🦊'],
  ['"🦊"', '🦊'],
  ['"\\uD83E\\uDD8A\\u00e9"', '🦊é'],
  ['"\\\\"', '\\'],
  ['""', ''],
  ['"a b (c) [d]"', 'a b (c) [d]'],
])('%s decodes', (text, value) => {
  expect(decoded(text)).toBe(value)
})

test.each([
  '"',
  '"abc',
  '"abc\\"',
  '"\\x"',
  '"\\u12"',
  '"\\u12g4"',
  '"\n"',
  '"\t"',
  '"\\u0000"',
  '"\u0000"',
  '"\\ud800"',
  '"\\udc00"',
  '"\\udc00\\ud800"',
  '"\\ud800x"',
  '"\ud800"',
  '\\',
  '#',
  "'a'",
  'ä',
  '\t',
  '\u00a0',
])('%j is refused with 400 invalidFilter', (text) => {
  expect(() => tokenAt(text, 0)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidFilter' }))
})

test('any storable text is unchanged by JSON.stringify and back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000')),
      (text) => {
        expect(decoded(JSON.stringify(text))).toBe(text)
      },
    ),
    effort(500),
  )
})

test.each([
  ['emails[type eq "work"].value', 6, 21],
  ['a["]"]', 1, 5],
  ['a["\\"]"]b', 1, 7],
  ['a[b[c]d]', 1, 7],
  ['a[', 1, undefined],
  ['a["]', 1, undefined],
  ['a["\\"]', 1, undefined],
])('endOfBracket(%j, %d) is %p', (text, from, end) => {
  expect(endOfBracket(text, from)).toBe(end)
})
