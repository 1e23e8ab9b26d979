import { describe, expect, test } from '@jest/globals'
import { checkHistory } from '@scimkit/testkit'
import { aboutsOf } from './support/linearizability/abouts.js'
import { badHistories } from './support/linearizability/bad-histories.js'
import { isExplained } from './support/linearizability/brute-force.js'
import { goodHistories } from './support/linearizability/good-histories.js'
import { add, created, name, patched, replaced, seen, unmodified, value } from './support/linearizability/lines.js'

describe('the checker flags', () => {
  test.each(badHistories)('$name', ({ operations, says }) => {
    const { violations, undecided } = checkHistory(operations)
    expect(undecided).toEqual([])
    expect(violations.join('\n')).toContain(says)
  })
})

describe('the checker accepts', () => {
  test.each(goodHistories)('$name', ({ operations }) => {
    expect(checkHistory(operations)).toMatchObject({ violations: [], undecided: [] })
  })
})

describe('trying every order says the same of', () => {
  test.each(goodHistories)('$name', ({ operations }) => {
    expect(aboutsOf(operations).filter((about) => !isExplained(operations, about))).toEqual([])
  })

  test.each(badHistories)('$name', ({ operations }) => {
    expect(aboutsOf(operations).every((about) => isExplained(operations, about))).toBe(false)
  })
})

describe('the explanation', () => {
  const operations = [
    created([1_000_000, 2_000_000], 'A', value('a')),
    replaced([3_000_000, 4_000_000], { ifMatch: 'A' }, 'B', value('b', 'x')),
    patched([5_000_000, 6_500_000], add('y'), {}, 'C', value('b', 'x', 'y')),
    seen([7_000_000, 8_000_000], 'B', value('b', 'x')),
  ]

  test('names the resource, what it was, and who cannot be', () => {
    expect(checkHistory(operations).violations).toEqual([
      [
        'resource u: no order explains its 4 operations; 1 could be put in order.',
        'The last of these:',
        `  0.000–1.000 ms, client 0, server 0: POST ${name} "a" + [] → 201 id u A "a" + []`,
        'Then it is A, "a" + []. What has to come next cannot:',
        '  2.000–3.000 ms, client 0, server 0: PUT If-Match A "b" + [x] → 200 B "b" + [x]',
        '    it brings B, which was still met by',
        '    6.000–7.000 ms, client 0, server 0: GET → 200 B "b" + [x]',
        '    although this had ended before:',
        '    4.000–5.500 ms, client 0, server 0: PATCH add y → 200 C "b" + [x, y]',
      ].join('\n'),
    ])
  })

  test('a search that is given up is undecided, never good', () => {
    // Twelve writes at once that nobody has seen, and a 304 that none of their orders explains.
    const writes = Array.from({ length: 12 }, (_, i) => replaced([2, 3], {}, `${i}`, value(`w${i}`)))
    const operations = [created([0, 1], 'A', value('a')), ...writes, unmodified([4, 5], 'Z')]
    const { violations, undecided } = checkHistory(operations, { maxTurns: 100 })
    expect({ violations, undecided }).toEqual({ violations: [], undecided: ['resource u: given up after 101 turns'] })
    expect(checkHistory(operations).violations).toHaveLength(1)
  })
})
