import { describe, expect, test } from '@jest/globals'
import { checkHistory } from '@scimkit/linearizability'
import { badHistories } from './support/bad-histories.js'
import { isExplained } from './support/brute-force.js'
import { goodHistories } from './support/good-histories.js'
import { add, created, name, patched, replaced, seen, unmodified, value } from './support/lines.js'
import { registersIn } from './support/registers-in.js'

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

describe('brute force agrees with the checker on', () => {
  test.each(goodHistories)('$name', ({ operations }) => {
    expect(registersIn(operations).filter((register) => !isExplained(operations, register))).toEqual([])
  })

  test.each(badHistories)('$name', ({ operations }) => {
    expect(registersIn(operations).every((register) => isExplained(operations, register))).toBe(false)
  })
})

describe('the explanation', () => {
  const operations = [
    created([1_000_000, 2_000_000], 'A', value('a')),
    replaced([3_000_000, 4_000_000], { ifMatch: 'A' }, 'B', value('b', 'x')),
    patched([5_000_000, 6_500_000], add('y'), {}, 'C', value('b', 'x', 'y')),
    seen([7_000_000, 8_000_000], 'B', value('b', 'x')),
  ]

  test('names the resource, its state, and the impossible candidates', () => {
    expect(checkHistory(operations).violations).toEqual([
      [
        'resource u: no order explains its 4 operations; 1 could be put in order.',
        'The last of these:',
        `  0.000–1.000 ms, client 0, server 0: POST ${name} "a" + [] → 201 id u A "a" + []`,
        'Then it is A, "a" + []. None of these candidates for the next step is possible:',
        '  2.000–3.000 ms, client 0, server 0: PUT If-Match A "b" + [x] → 200 B "b" + [x]',
        '    it creates B, which was still current for',
        '    6.000–7.000 ms, client 0, server 0: GET → 200 B "b" + [x]',
        '    although this operation ended before:',
        '    4.000–5.500 ms, client 0, server 0: PATCH add y → 200 C "b" + [x, y]',
      ].join('\n'),
    ])
  })

  test('a search that reaches its limit is undecided, never accepted', () => {
    // Twelve concurrent writes that no read shows, and a 304 that none of their orders explains.
    const writes = Array.from({ length: 12 }, (_, i) => replaced([2, 3], {}, `${i}`, value(`w${i}`)))
    const operations = [created([0, 1], 'A', value('a')), ...writes, unmodified([4, 5], 'Z')]
    const { violations, undecided } = checkHistory(operations, { maxTurns: 100 })
    expect({ violations, undecided }).toEqual({
      violations: [],
      undecided: ['resource u: undecided after 101 search steps'],
    })
    expect(checkHistory(operations).violations).toHaveLength(1)
  })
})
