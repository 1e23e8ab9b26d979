/** Matches the elements of three lists. */
import type { JsonValue } from '../../json/value.js'
import type { Attribute } from '../../schema/attribute.js'
import type { Lists, Versions } from '../merging.js'
import { identityKey, type Match, matchAdded, matchElements } from './match.js'

/**
 * Every element of the three lists once, with its form on each side: in the order of theirs, then the elements that
 * mine has added, then those that both have removed.
 */
export function alignElements(attribute: Attribute, lists: Lists): readonly Versions[] {
  const { base, mine, theirs } = lists
  const toMine = new Map(matchElements(attribute, base, mine).map((match) => [match.left, match]))
  const toTheirs = new Map(matchElements(attribute, base, theirs).map((match) => [match.left, match]))
  withdrawGuesses(attribute, mine, toMine, theirs, toTheirs)
  withdrawGuesses(attribute, theirs, toTheirs, mine, toMine)

  const mineAdded = positionsBeside(mine, toMine)
  const theirsAdded = positionsBeside(theirs, toTheirs)
  const bothAdded = new Map<number, number>()
  for (const { left, right } of matchAdded(attribute, pick(mine, mineAdded), pick(theirs, theirsAdded))) {
    bothAdded.set(theirsAdded[right] ?? -1, mineAdded[left] ?? -1)
  }

  const found: { readonly at: number; readonly versions: Versions }[] = []
  for (const [position, element] of base.entries()) {
    const [inMine, inTheirs] = [toMine.get(position)?.right, toTheirs.get(position)?.right]
    const versions = { base: element, mine: at(mine, inMine), theirs: at(theirs, inTheirs) }
    found.push({ at: inTheirs ?? theirs.length + (inMine ?? mine.length), versions })
  }
  for (const position of theirsAdded) {
    found.push({
      at: position,
      versions: { base: undefined, mine: at(mine, bothAdded.get(position)), theirs: theirs[position] },
    })
  }
  const alsoTheirs = new Set(bothAdded.values())
  for (const position of mineAdded) {
    if (alsoTheirs.has(position)) continue
    found.push({ at: theirs.length + position, versions: { base: undefined, mine: mine[position], theirs: undefined } })
  }
  return found.sort((left, right) => left.at - right.at).map(({ versions }) => versions)
}

type Matches = Map<number, Match>

// The work address seems to have changed to x@; but the other side has added exactly that x@. Then it is not a changed
// address: one was removed, and both have added x@.
function withdrawGuesses(
  attribute: Attribute,
  side: readonly JsonValue[],
  matches: Matches,
  otherSide: readonly JsonValue[],
  otherMatches: Matches,
): void {
  const identity = identityKey(attribute)
  const added = new Set(pick(otherSide, positionsBeside(otherSide, otherMatches)).map(identity))
  if (added.size === 0) return
  for (const { left, right, isGuess } of [...matches.values()]) {
    if (isGuess && added.has(identity(side[right] as JsonValue))) matches.delete(left)
  }
}

function positionsBeside(elements: readonly JsonValue[], matches: Matches): readonly number[] {
  const matched = new Set([...matches.values()].map(({ right }) => right))
  return [...elements.keys()].filter((position) => !matched.has(position))
}

function pick(elements: readonly JsonValue[], positions: readonly number[]): readonly JsonValue[] {
  return positions.map((position) => elements[position] as JsonValue)
}

function at(elements: readonly JsonValue[], position: number | undefined): JsonValue | undefined {
  return position === undefined ? undefined : elements[position]
}
