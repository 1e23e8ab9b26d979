/** Every filter that RFC 7644 §3.4.2.2 prints, against the user of RFC 7643 §8.2. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { evaluate } from '../../src/filter/evaluation/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { printFilter } from '../../src/filter/print.js'
import type { JsonObject } from '../../src/json/value.js'
import { lenient, limits, strict, userType } from './support/types.js'

interface Sample {
  readonly resource: JsonObject
  readonly examples: readonly { readonly filter: string; readonly matches: boolean }[]
}

const url = new URL('../samples/rfc7644-3.4.2.2.json', import.meta.url)
const sample = JSON.parse(readFileSync(url, 'utf8')) as Sample

for (const [mode, interop] of Object.entries({ lenient, strict })) {
  test.each([...sample.examples])(`${mode}: $filter`, ({ filter: text, matches }) => {
    const filter = parseFilter(text, userType, interop, limits)
    expect(evaluate(filter, sample.resource)).toBe(matches)
    expect(printFilter(parseFilter(printFilter(filter), userType, interop, limits))).toBe(printFilter(filter))
  })
}
