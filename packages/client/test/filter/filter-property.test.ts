/** A filter with any value, compared with the parser of the core. */
import { expect, test } from '@jest/globals'
import { type FilterValue, filter } from '@scimkit/client'
import { defaultLimits, userType } from '@scimkit/core'
import { interopFrom, matcherOf, parseFilter } from '@scimkit/core/filter'
import { compileResourceType } from '@scimkit/core/schema'
import fc from 'fast-check'
import { seed } from '../../../testkit/test/support/effort.js'

const user = compileResourceType(userType)

test(`for any value, the filter matches exactly the resources with that value (seed ${seed})`, () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'))
  const nasty = fc.constantFrom('"', '\\', '\\"', '" or "" eq "', ')', ']', ' and ', '\n', '"\\u0022', 'eq', '$')
  const values = fc.array(fc.oneof(texts, nasty), { maxLength: 5 }).map((parts) => parts.join(''))
  const parsed = (value: FilterValue) =>
    parseFilter(filter`title eq ${value} and active eq ${false}`.text, user, interopFrom('strict'), defaultLimits)
  fc.assert(
    fc.property(values, (value) => {
      const ast = parsed(value)
      expect(ast).toMatchObject({ kind: 'and', terms: [{ kind: 'compare', value }, { value: false }] })
      expect(ast.kind === 'and' && ast.terms.length).toBe(2)
      if (value !== '') expect(matcherOf(ast)({ title: value, active: false })).toBe(true)
    }),
    { seed, numRuns: 1_000 },
  )
})
