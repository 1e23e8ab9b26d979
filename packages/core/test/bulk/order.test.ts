/** The order of bulk operations. @see RFC 7644 §3.7, §3.7.1 */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { stepsOf } from '../../src/bulk/order.js'

const orderOf = (refersTo: readonly (readonly number[])[]): string =>
  stepsOf(refersTo)
    .map(({ operations, isCircle }) => (isCircle ? `(${operations.join(' ')})` : operations.join(' ')))
    .join(' ')

describe('examples', () => {
  test.each<[string, readonly (readonly number[])[], string]>([
    ['nothing', [], ''],
    ['no references: as sent', [[], [], []], '0 1 2'],
    ['backward: as sent', [[], [0], [1]], '0 1 2'],
    ['forward: before the first operation that refers to it, and no sooner', [[], [3], [], [], [3]], '0 3 1 2 4'],
    ['several forward: as they were sent', [[3, 1, 2], [], [], []], '1 2 3 0'],
    ['a chain', [[1], [2], [3], []], '3 2 1 0'],
    ['a circle of two', [[1], [0]], '(0 1)'],
    ['a circle of one', [[], [1], []], '0 (1) 2'],
    ['a circle, with one operation that it needs and one that needs it', [[1], [2], [1, 3], []], '3 (1 2) 0'],
    ['two circles that share an operation are one', [[1], [0, 2], [1], []], '(0 1 2) 3'],
    ['a duplicate reference', [[1, 1], []], '1 0'],
  ])('%s', (_, refersTo, order) => {
    expect(orderOf(refersTo)).toBe(order)
  })
})

test('in a circle are operations that refer to each other through others; all others run after their targets', () => {
  const graph = fc.integer({ min: 1, max: 12 }).chain((size) =>
    fc.array(fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { maxLength: 3 }), {
      minLength: size,
      maxLength: size,
    }),
  )
  fc.assert(
    fc.property(graph, (refersTo) => {
      const reaches = closureOf(refersTo)
      const steps = stepsOf(refersTo)
      const order = steps.flatMap(({ operations }) => operations)
      expect([...order].sort((a, b) => a - b)).toEqual(refersTo.map((_, place) => place))
      for (const { operations, isCircle } of steps) {
        const [first = 0] = operations
        expect(isCircle).toBe(reaches[first]?.has(first))
        const together = refersTo.map((_, i) => i).filter((i) => reaches[first]?.has(i) && reaches[i]?.has(first))
        expect(operations).toEqual(isCircle ? together : [first])
      }
      const stepOf = new Map(steps.flatMap(({ operations }, step) => operations.map((place) => [place, step] as const)))
      for (const [place, wanted] of refersTo.entries()) {
        for (const one of wanted) expect(stepOf.get(one)).toBeLessThanOrEqual(stepOf.get(place) ?? -1)
      }
      // An operation without references to it stays in its place.
      const referred = new Set(refersTo.flat())
      const free = order.filter((place) => !referred.has(place))
      expect(free).toEqual([...free].sort((a, b) => a - b))
    }),
    { numRuns: 200 },
  )
})

function closureOf(refersTo: readonly (readonly number[])[]): readonly ReadonlySet<number>[] {
  return refersTo.map((_, from) => {
    const reached = new Set<number>()
    const open = [...(refersTo[from] ?? [])]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue
      reached.add(next)
      open.push(...(refersTo[next] ?? []))
    }
    return reached
  })
}

test('a chain, a circle and a fan of 100,000 end without a deep stack', () => {
  const size = 100_000
  const places = Array.from({ length: size }, (_, place) => place)
  const chain = stepsOf(places.map((place) => (place + 1 < size ? [place + 1] : [])))
  expect([chain.length, chain[0]?.operations]).toEqual([size, [size - 1]])
  const circle = stepsOf(places.map((place) => [(place + 1) % size]))
  expect([circle.length, circle[0]?.operations.length]).toEqual([1, size])
  const fan = stepsOf(places.map((place) => (place === 0 ? places.slice(1) : [])))
  expect(fan.at(-1)?.operations).toEqual([0])
})
