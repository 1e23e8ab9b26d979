import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { evaluate } from '../../../src/filter/evaluation/evaluate.js'
import { pacedMatcherOf, type Work } from '../../../src/filter/evaluation/paced.js'
import { parseFilter } from '../../../src/filter/parse.js'
import { interopFrom } from '../../../src/interop.js'
import type { JsonObject } from '../../../src/json/value.js'
import { defaultLimits } from '../../../src/limits.js'
import { scanBudget } from '../../../src/provider/scan-cost.js'
import { effort } from '../support/effort.js'
import { thingType } from '../support/types.js'

const interop = interopFrom('lenient')
const filterOf = (text: string) => parseFilter(text, thingType, interop, defaultLimits)

/** Counts the cost, and rests as often as requested. */
function countedWork(everyStep: number): Work & { readonly spent: () => number; readonly rests: () => number } {
  let [spent, rests, steps] = [0, 0, 0]
  return {
    spend: (comparisons) => {
      spent += comparisons
    },
    isDue: (count = 1) => {
      steps += count
      return steps >= everyStep
    },
    rest: async () => {
      rests += 1
      steps = 0
    },
    spent: () => spent,
    rests: () => rests,
  }
}

const long = 'x'.repeat(65_536)
const many = Array.from({ length: 20_000 }, (_, i) => ({ value: `v${i}`, type: i % 2 === 0 ? 'even' : 'odd' }))

describe('large resources', () => {
  test.each<[string, JsonObject, boolean]>([
    ['text co "xy" or text sw "x"', { text: long }, true],
    ['not (text co "y")', { text: long }, true],
    ['parts[value eq "v19999" and type eq "odd"]', { parts: many }, true],
    ['parts[value eq "v19999" and type eq "even"]', { parts: many }, false],
    ['parts.value ne "v1"', { parts: many }, true],
    ['not (parts.value eq "none") and parts.value eq "V19998"', { parts: many }, true],
    ['parts eq null', { parts: many }, false],
    ['parts ne null', { parts: many }, true],
    ['parts.size ne 3', { parts: many }, true],
    ['parts.size pr', { parts: many }, false],
    ['tags eq "t9999"', { tags: Array.from({ length: 10_000 }, (_, i) => `t${i}`) }, true],
  ])('%s: in slices, with the same result as in one piece', async (text, resource, expected) => {
    const work = countedWork(1_000)
    const answer = pacedMatcherOf(filterOf(text), work)(resource)
    expect(evaluate(filterOf(text), resource)).toBe(expected)
    expect(await answer).toBe(expected)
    expect(work.spent()).toBeGreaterThan(50)
    if (Array.isArray(resource.parts)) expect(answer).toBeInstanceOf(Promise)
  })

  test('a list of 20,000 elements is evaluated in many slices', async () => {
    const work = countedWork(1_600)
    await pacedMatcherOf(filterOf('parts[value eq "none"]'), work)({ parts: many })
    expect(work.rests()).toBeGreaterThanOrEqual(200)
  })

  test('a hundred terms on a long text are a hundred times its length', () => {
    const text = Array.from({ length: 100 }, (_, i) => `text co "${i}"`).join(' or ')
    const work = countedWork(1_000)
    void pacedMatcherOf(filterOf(text), work)({ text: long })
    expect(work.spent()).toBe(6_300)
  })

  test('usual resources are evaluated in one piece and cost nothing beyond their terms', () => {
    const work = countedWork(1)
    const resource = { text: 'somebody', parts: many.slice(0, 5), tags: ['a', 'b'] }
    expect(pacedMatcherOf(filterOf('text co "body" and parts[value eq "v3"] and tags eq "b"'), work)(resource)).toBe(
      true,
    )
    expect([work.spent(), work.rests()]).toEqual([0, 0])
  })
})

test('with or without slices, the result is the same', async () => {
  const part = fc.record(
    { value: fc.constantFrom('a', 'B', 'long'), type: fc.constantFrom('x', 'y'), size: fc.integer({ min: 0, max: 3 }) },
    { requiredKeys: [] },
  )
  const resources = fc.record(
    {
      text: fc.constantFrom('a', 'b', ''),
      parts: fc.array(part, { maxLength: 4 }),
      count: fc.integer({ min: 0, max: 3 }),
    },
    { requiredKeys: [] },
  )
  const term = fc.constantFrom(
    'text eq "a"',
    'text ne "a"',
    'text pr',
    'count gt 1',
    'parts.value eq "b"',
    'parts.value ne "b"',
    'parts[type eq "x" and size ge 2]',
    'parts[not (value eq "a")]',
    'parts eq null',
    'parts.size ne null',
  )
  const filters = fc
    .array(fc.tuple(fc.boolean(), term, fc.constantFrom('and', 'or')), { minLength: 1, maxLength: 5 })
    .map((terms) =>
      terms.map(([not, one, joint], i) => `${i > 0 ? ` ${joint} ` : ''}${not ? `not (${one})` : one}`).join(''),
    )
  await fc.assert(
    fc.asyncProperty(filters, resources, async (text, resource) => {
      const filter = filterOf(text)
      // Filled up until it is too large for one piece.
      const filling = 'y'.repeat(100_000)
      const large = { ...resource, tags: [filling] }
      const looking = filterOf(`(${text}) and tags eq "${'y'.repeat(10)}" or (${text})`)
      const answer = pacedMatcherOf(looking, countedWork(128))(large)
      expect(answer).toBeInstanceOf(Promise)
      expect(await answer).toBe(evaluate(filter, large))
    }),
    effort(300),
  )
})

test('a budget counts long values too', async () => {
  const matches = pacedMatcherOf(filterOf('parts.value eq "none"'), scanBudget({ scanWork: 50 }))
  expect(() => matches({ parts: many })).toThrow('scanWork')
})
