/** A position between two neighbours is on the right side of both, and no longer than necessary. RFC 9865 §2. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { comparePositions, nextPosition, readPosition } from '../../src/provider/keyset-position.js'
import type { Sort } from '../../src/provider/provider.js'

const by = (descending: boolean): Sort => ({
  path: { text: 'x', extension: undefined, attribute: undefined, sub: undefined },
  descending,
})

describe.each([
  ['ascending', by(false)],
  ['descending', by(true)],
])('%s', (_, sort) => {
  const keys = fc.oneof(
    fc.constant(undefined),
    fc.boolean(),
    fc.integer(),
    fc.string({
      unit: fc.constantFrom('a', 'b', '\u{1f98a}', '\u{1f98b}', '\uff5e', '\u{10000}', 'é', '\u0001'),
      maxLength: 5,
    }),
  )
  const positions = fc.record({ key: keys, order: fc.integer({ min: 1, max: 9 }) })

  test('resources before it have been shown, resources behind it follow', () => {
    fc.assert(
      fc.property(fc.array(positions, { minLength: 2, maxLength: 12 }), (given) => {
        const texts = given.filter(({ key }) => key === undefined || typeof key === typeof given[0]?.key)
        const list = texts
          .map(({ key }, order) => ({ key, order }))
          .sort((left, right) => comparePositions(left, right, sort))
        for (let i = 1; i < list.length; i++) {
          const [last, following] = [list[i - 1], list[i]]
          if (last === undefined || following === undefined) continue
          const next = nextPosition(last, following, sort)
          const at = readPosition(next, sort)
          expect(list.filter((one) => comparePositions(one, at, sort) > 0)).toEqual(list.slice(i))
          expect(String(at.key).length).toBeLessThanOrEqual(String(last.key).length)
          expect(next).not.toMatch(/\\ud[89a-f]/)
        }
      }),
      { numRuns: 500 },
    )
  })
})

test('long texts are cut at their difference', () => {
  const [ada, bob] = [`ada${'x'.repeat(60_000)}`, `adb${'y'.repeat(60_000)}`]
  const up = nextPosition({ key: ada, order: 1 }, { key: bob, order: 2 }, by(false))
  expect(readPosition(up, by(false))).toEqual({ key: 'adb', order: Number.MIN_SAFE_INTEGER })
  const down = nextPosition({ key: bob, order: 2 }, { key: ada, order: 1 }, by(true))
  expect(readPosition(down, by(true))).toEqual({ key: 'adb', order: Number.MAX_SAFE_INTEGER })
})

test('where they do not differ, or without a sort, the position is the resource’s own', () => {
  const same = { key: 'same', order: 1 }
  expect(nextPosition(same, { ...same, order: 2 }, by(false))).toBe('[1,"same"]')
  expect(nextPosition(same, { key: undefined, order: 2 }, by(false))).toBe('[1,"same"]')
  expect(nextPosition({ key: undefined, order: 1 }, { key: 'a', order: 2 }, by(true))).toBe('[1,null]')
  expect(nextPosition(same, { key: 'other', order: 2 }, undefined)).toBe('[1]')
})
