/** SEC-9: no filter costs more than a moment, of any length, with and without the limits. */
import { expect, test } from '@jest/globals'
import { parseFilter } from '../../src/filter/parse.js'
import type { Limits } from '../../src/limits.js'
import { cpuMilliseconds } from './support/effort.js'
import { lenient, limits, thingType } from './support/types.js'

const megabyte = 1_048_576
// The length limit rejects most of these at once; without it the others must hold.
const longFilters: Limits = { ...limits, filterLength: 2 * megabyte }
const fill = (text: string): string => text.repeat(Math.ceil(megabyte / text.length))

const hostile: Readonly<Record<string, string>> = {
  'opening parentheses': fill('('),
  'not(': fill('not('),
  'not (': fill('not ('),
  quotes: fill('"'),
  'one endless string': `text eq "${fill('a')}`,
  'escaped quotes': `text eq "${fill('\\"')}`,
  backslashes: `text eq "${fill('\\\\')}`,
  'a.a.a.': fill('a.'),
  'a URN without end': `urn:${fill('a:')}`,
  'an endless name': fill('a'),
  'and terms': fill('text eq "a" and '),
  'or terms': fill('text pr or '),
  brackets: fill('parts['),
  'value paths': fill('parts[type pr] and '),
  'closing brackets': `parts[type pr${fill(']')}`,
  spaces: fill(' '),
  'spaces in a term': `text${fill(' ')}eq`,
  digits: `count eq ${fill('9')}`,
  'an exponent': `count eq 1e${fill('9')}`,
  'grouped terms': fill('(text pr) and '),
}

for (const [name, text] of Object.entries(hostile)) {
  for (const [mode, bounds] of Object.entries({ limits, longFilters })) {
    test(`1 MB of ${name} (${mode}) is a 400 in less than 50 ms`, () => {
      let fastest = Number.POSITIVE_INFINITY
      for (let attempt = 0; attempt < 3; attempt++) {
        const started = cpuMilliseconds()
        const refused = expect.objectContaining({ status: 400, scimType: 'invalidFilter' })
        expect(() => parseFilter(text, thingType, lenient, bounds)).toThrow(refused)
        fastest = Math.min(fastest, cpuMilliseconds() - started)
      }
      expect(fastest).toBeLessThan(50)
    })
  }
}

test('fifteen ORs under an AND stay as they are: nothing multiplies them out', () => {
  const text = Array.from({ length: 15 }, (_, i) => `(text eq "a${i}" or text eq "b${i}")`).join(' and ')
  const times = Array.from({ length: 3 }, () => {
    const started = cpuMilliseconds()
    parseFilter(text, thingType, lenient, limits)
    return cpuMilliseconds() - started
  })
  expect(Math.min(...times)).toBeLessThan(50)
  const filter = parseFilter(text, thingType, lenient, limits)
  expect(filter).toMatchObject({ kind: 'and' })
  expect(filter.kind === 'and' && filter.terms.length).toBe(15)
  expect(() => parseFilter(`${text} and`, thingType, lenient, limits)).toThrow('at character')
})

test('prototypes are untouched, and their names are plain names', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    for (const text of [`${name} pr`, `${name}.x eq 1`, `text.${name} pr`, `parts[${name} pr]`]) {
      try {
        expect(parseFilter(text, thingType, lenient, limits)).toBeDefined()
      } catch (error) {
        expect(error).toMatchObject({ scimType: 'invalidFilter' })
      }
    }
    expect(Object.keys(Object.prototype)).toEqual([])
  }
})
