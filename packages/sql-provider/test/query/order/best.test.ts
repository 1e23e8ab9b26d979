import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { best } from '../../../src/query/order/best.js'

it('keeps the first items of the sorted list', async () => {
  const parts = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(parts, fc.integer({ min: 1, max: 30 }), async (numbers, most) => {
      const all = numbers.flat().map((key, order) => ({ key, order }))
      const compare = (left: (typeof all)[0], right: (typeof all)[0]): number =>
        left.key - right.key || left.order - right.order
      const kept = best(most, compare)
      let at = 0
      for (const part of numbers) {
        await kept.add(all.slice(at, at + part.length))
        at += part.length
      }
      expect(await kept.inOrder()).toEqual([...all].sort(compare).slice(0, most))
    }),
  )
})

it('merges separately sorted runs', async () => {
  const all = Array.from({ length: 9_001 }, (_, i) => (i * 7_919) % 9_001)
  const kept = best<number>(Number.POSITIVE_INFINITY, (left, right) => left - right)
  await kept.add(all)
  expect(await kept.inOrder()).toEqual(all.map((_, i) => i))
})
