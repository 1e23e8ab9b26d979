import { describe, expect, test } from '@jest/globals'
import { changedSince, historyLength, type VersionChange } from '../../src/entry-points/provider.js'
import { type RawVersion, rawVersion } from '../../src/index.js'

const v = (text: string): RawVersion => rawVersion(text)

function entry(version: string, previous: string | undefined, ...changed: readonly string[]): VersionChange {
  return { version: v(version), previous: previous === undefined ? undefined : v(previous), at: 'then', changed }
}

const whole = [
  entry('4-d', '3-c', 'b', 'a'),
  entry('3-c', '2-b', 'c'),
  entry('2-b', '1-a', 'a'),
  entry('1-a', undefined),
]

describe('changes since', () => {
  test.each([
    ['the version before', whole, '4-d', ['3-c'], ['a', 'b']],
    ['several versions before, each name once, sorted', whole, '4-d', ['1-a'], ['a', 'b', 'c']],
    ['the newest of several', whole, '4-d', ['1-a', '3-c', '2-b'], ['a', 'b']],
    ['a version that never existed', whole, '4-d', ['9-z'], undefined],
    ['no version', whole, '4-d', [], undefined],
    ['the very version', whole, '4-d', ['4-d'], undefined],
    ['a version whose entry is missing, but not the next one', whole.slice(0, 2), '4-d', ['2-b'], ['a', 'b', 'c']],
    ['a version that is too old', whole.slice(0, 2), '4-d', ['1-a'], undefined],
    ['a version later than the current one', whole, '3-c', ['4-d'], undefined],
    ['an older one, when the history is newer than the version that was read', whole, '3-c', ['1-a'], ['a', 'c']],
    ['a version behind a gap', [entry('4-d', '3-c', 'b'), entry('2-b', '1-a', 'a')], '4-d', ['1-a'], undefined],
    ['a version before a gap', [entry('4-d', '3-c', 'b'), entry('2-b', '1-a', 'a')], '4-d', ['3-c'], ['b']],
    ['anything, when the current version is not in the history', whole, '5-e', ['1-a'], undefined],
    ['anything, when there is none', [], '4-d', ['1-a'], undefined],
    ['the same version twice in a store that computes it from content', whole, '1-a', ['1-a'], undefined],
  ] as const)('%s', (_, history, current, since, expected) => {
    expect(changedSince(history, v(current), since.map(v))).toEqual(expected)
  })

  test('a circular history ends', () => {
    const round = [entry('a', 'b', 'x'), entry('b', 'a', 'y'), entry('a', 'b', 'x')]
    expect(changedSince(round, v('a'), [v('c')])).toBeUndefined()
  })
})

describe('the option of a provider', () => {
  test.each([0, 1, 20, 1_000])('%d', (option) => expect(historyLength(option)).toBe(option))

  test('0 means no history', () => expect(historyLength(undefined)).toBe(0))

  test.each([-1, 1_001, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('not %d', (option) => {
    expect(() => historyLength(option)).toThrow(
      new TypeError(`history: expected a whole number from 0 to 1000, got ${option}`),
    )
  })
})
