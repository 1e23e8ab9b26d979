import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { containing } from '../../../src/filter/evaluation/contains.js'
import { cpuMilliseconds, effort } from '../support/effort.js'

test('is the same as includes()', () => {
  const few = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 0, maxLength: 200 })
  fc.assert(
    fc.property(few, few, fc.integer({ min: 60, max: 70 }), (text, part, length) => {
      for (const one of [part, part.slice(0, length), 'ab'.repeat(length), text.slice(1, length)]) {
        expect(containing(one)(text)).toBe(text.includes(one))
        expect(containing(one)(`${text}${one}${text}`)).toBe(true)
      }
    }),
    effort(500),
  )
})

test('takes no long time for a text that almost matches at every place', () => {
  const text = 'a'.repeat(65_536)
  const search = containing(`${'a'.repeat(8_000)}b${'a'.repeat(8_000)}`)
  const before = cpuMilliseconds()
  for (let i = 0; i < 100; i++) expect(search(text)).toBe(false)
  expect(cpuMilliseconds() - before).toBeLessThan(5_000)
})
