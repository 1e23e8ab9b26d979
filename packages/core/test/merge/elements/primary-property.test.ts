/**
 * The primary element after a merge, for all edits of two sides of three e-mails. Computed on letters, without a merge.
 */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type MergeResult, merge3 } from '../../../src/entry-points/merge.js'
import { isArray, isObject, type JsonObject } from '../../../src/json/value.js'
import { core } from '../../resource/support/reading.js'
import { folded } from '../support/documents.js'
import { cases } from '../support/effort.js'

const letters = ['a', 'b', 'c'] as const
type Letter = (typeof letters)[number]

/** The elements, with the other parts beside each address; and the primary one. */
interface Side {
  readonly has: ReadonlyMap<Letter, string | undefined>
  readonly primary: Letter | undefined
}

const display = fc.constantFrom(undefined, 'x', 'y')
const side: fc.Arbitrary<Side> = fc
  .tuple(fc.subarray([...letters]), fc.tuple(display, display, display), fc.nat(3))
  .map(([there, displays, chosen]) => ({
    has: new Map(there.map((letter) => [letter, displays[letters.indexOf(letter)]])),
    primary: there[chosen],
  }))

function documentOf({ has, primary }: Side): JsonObject {
  const emails = [...has].map(([letter, text]) => ({
    value: `${letter}@x.example`,
    type: letter,
    ...(text === undefined ? {} : { display: text }),
    ...(letter === primary ? { primary: true } : {}),
  }))
  return { schemas: [core], id: '42', userName: 'ada', emails }
}

interface Ended {
  readonly there: ReadonlySet<Letter>
  readonly primary: Letter | undefined
}

function endOf(resource: JsonObject): Ended {
  const emails = (isArray(resource.emails) ? resource.emails : []).filter(isObject)
  const letterOf = ({ type }: JsonObject): Letter => type as Letter
  const primaries = emails.filter(({ primary }) => primary === true).map(letterOf)
  expect(primaries.length).toBeLessThanOrEqual(1)
  return { there: new Set(emails.map(letterOf)), primary: primaries[0] }
}

const resourceOf = (result: MergeResult): JsonObject => (result.kind === 'merged' ? result.resource : result.partial)

/**
 * The elements that may be primary in a list with these elements; `winner` is the side that wins where both disagree.
 */
function expected(base: Side, winner: Side, loser: Side, there: Ended['there']): Letter | undefined {
  const isMoved = ({ primary }: Side): boolean => primary !== undefined && primary !== base.primary
  const stays = ({ primary }: Side): boolean => primary !== undefined && there.has(primary)
  const sides = [winner, loser]
  const moved = sides.find((one) => isMoved(one) && stays(one))
  if (moved !== undefined) return moved.primary
  // No side moved it, or only to an element that did not stay. It is lost only if one side removed it without giving it
  // to another.
  const left = sides.find(stays)
  const other = left === winner ? loser : winner
  if (left?.primary === undefined) return undefined
  const isTaken = other.primary === undefined && other.has.has(left.primary)
  return isTaken ? undefined : left.primary
}

function check(base: Side, winner: Side, loser: Side, result: MergeResult): void {
  const { there, primary } = endOf(resourceOf(result))
  expect(primary).toBe(expected(base, winner, loser, there))
}

describe('the primary element', () => {
  test('is the one that a side chose, as long as that element is there', () => {
    fc.assert(
      fc.property(side, side, side, (base, mine, theirs) => {
        const documents = [documentOf(base), documentOf(mine), documentOf(theirs)] as const
        check(base, mine, theirs, merge3(...documents, { strategy: 'mine' }))
        check(base, theirs, mine, merge3(...documents, { strategy: 'theirs' }))
        check(base, theirs, mine, merge3(...documents))
      }),
      cases(600),
    )
  })

  test('does not depend on which side is called mine', () => {
    fc.assert(
      fc.property(side, side, side, (base, one, other) => {
        const [start, left, right] = [documentOf(base), documentOf(one), documentOf(other)]
        const there = resourceOf(merge3(start, left, right, { strategy: 'mine' }))
        const back = resourceOf(merge3(start, right, left, { strategy: 'theirs' }))
        expect(folded(there)).toBe(folded(back))
      }),
      cases(200),
    )
  })
})
