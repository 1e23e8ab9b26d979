import { expect, test } from '@jest/globals'
import { ScimError } from '../../src/errors.js'
import { parseFilter } from '../../src/filter/parse.js'
import { interopFrom } from '../../src/interop.js'
import { defaultLimits } from '../../src/limits.js'
import { defaultScanWork, scanBudget, scanCost, scanWorkFrom } from '../../src/provider/scan-cost.js'
import { resolvePath } from '../../src/schema/path.js'
import { thingType } from '../filter/support/types.js'

const interop = interopFrom('lenient')
const path = resolvePath(thingType, 'text', interop)
const sort = path && { path, descending: false }

test.each<[string | undefined, number]>([
  [undefined, 1],
  ['text eq "a"', 1],
  ['text pr', 1],
  ['not (text eq "a")', 1],
  ['text eq "a" and (count gt 1 or not (text co "b" and flag eq true))', 4],
  ['parts[type eq "a" and (value co "b" or value pr)]', 3],
  ['unknown eq "a" or text eq "b"', 2],
  [Array.from({ length: 100 }, (_, i) => `text ne "${i}"`).join(' and '), 100],
])('%s costs %d comparisons, and one more with a sort', (text, cost) => {
  const filter = text === undefined ? undefined : parseFilter(text, thingType, interop, defaultLimits)
  expect(scanCost({ filter, sort: undefined })).toBe(cost)
  expect(scanCost({ filter, sort })).toBe(filter === undefined ? 1 : cost + 1)
})

test('a budget ends the request with 400 tooMany, and names the limit, the option and the remedy', () => {
  const budget = scanBudget({ scanWork: 10, remedy: () => 'Index it.' })
  budget.spend(9)
  budget.spend(1)
  const error = thrownBy(() => budget.spend(0.5))
  expect(error).toMatchObject({ status: 400, scimType: 'tooMany' })
  expect(error?.message).toMatch(/more than 10 comparisons.*scanWork.*Index it\.$/)
  expect(thrownBy(() => scanBudget({ scanWork: 1 }).spend(2))?.message).toMatch(/fewer comparisons/)
})

test('scanWork is a whole number above 0', () => {
  expect(scanWorkFrom()).toBe(defaultScanWork)
  expect(scanWorkFrom(5)).toBe(5)
  for (const wrong of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => scanWorkFrom(wrong)).toThrow(TypeError)
})

function thrownBy(run: () => void): ScimError | undefined {
  try {
    run()
  } catch (error) {
    if (error instanceof ScimError) return error
    throw error
  }
  return undefined
}
