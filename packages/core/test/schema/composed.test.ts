import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { caseKey } from '../../src/schema/case-key.js'
import { composed } from '../../src/schema/composed.js'
import { cpuMilliseconds, effort } from '../filter/support/effort.js'

const odd = fc.constantFrom(
  ...'aéßΣ가漢🦊 \u0300\u0301\u0307\u0323\u0345\u0308\u0315\u1100\u1161\u11a8\u0b47\u0b56\u0b57\u09c7\u09be',
)

test('is NFC, wherever a long text is divided', () => {
  fc.assert(
    fc.property(fc.array(odd, { minLength: 1, maxLength: 12 }), fc.integer({ min: 0, max: 40 }), (parts, shift) => {
      const long = 'x'.repeat(shift) + `${parts.join('')}a`.repeat(Math.ceil(3_000 / parts.length))
      expect(composed(long)).toBe(long.normalize('NFC'))
    }),
    effort(300),
  )
})

test.each([
  ['decomposed Hangul', '\u1112\u1161\u11ab'],
  ['decomposed Latin', 'e\u0301'],
  ['decomposed Cyrillic', 'и\u0306'],
  ['Thai', 'ก\u0e34\u0e48'],
  ['Bengali', '\u0995\u09c7\u09be'],
  ['pictures', '🦊'],
])('a long text of %s is NFC', (_, unit) => {
  for (let shift = 0; shift < 6; shift++) {
    const long = 'x'.repeat(shift) + unit.repeat(5_000)
    expect(composed(long)).toBe(long.normalize('NFC'))
  }
})

test('unusually long runs of combining marks take no long time', () => {
  const before = cpuMilliseconds()
  for (let i = 0; i < 3; i++) expect(caseKey('\u0315\u0300'.repeat(32_768)).length).toBe(65_536)
  expect(cpuMilliseconds() - before).toBeLessThan(2_000)
})
