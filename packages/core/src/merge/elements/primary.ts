/** At most one element of a list is primary, whatever the edits of the two sides. @see RFC 7643 §2.4 */
import { isObject, type JsonValue } from '../../json/value.js'
import { withKey } from '../../resource/document.js'
import { isPrimaryFlag } from '../../resource/equality.js'
import type { Attribute } from '../../schema/attribute.js'
import { decide, type Merging, type Place, type Versions } from '../merging.js'
import { identityKey } from './match.js'

/** One element of the result, and its origin. */
export interface MergedElement {
  readonly versions: Versions
  readonly value: JsonValue
}

/**
 * The merged elements, one of them primary or none. The primary element is one value that each side may have changed; a
 * conflict if both did, to different elements.
 */
export function withOnePrimary(
  merging: Merging,
  place: Place,
  attribute: Attribute,
  aligned: readonly Versions[],
  merged: readonly MergedElement[],
): readonly JsonValue[] {
  if (!isPrimaryFlag(attribute, 'primary')) return merged.map(({ value }) => value)
  const primary = primaryAmong(merging, place, attribute, aligned, merged)
  return merged.map((element) => flagged(element, element === primary))
}

type Side = keyof Versions

function primaryAmong(
  merging: Merging,
  place: Place,
  attribute: Attribute,
  aligned: readonly Versions[],
  merged: readonly MergedElement[],
): MergedElement | undefined {
  const onSide = (side: Side): Versions | undefined => aligned.find((versions) => isPrimary(versions[side]))
  const [base, mine, theirs] = [onSide('base'), onSide('mine'), onSide('theirs')]
  const isMoved = (side: Versions | undefined): boolean => side !== undefined && side !== base
  if (isMoved(mine) && isMoved(theirs) && mine !== theirs) {
    return oneOfTwo(merging, place, attribute, { base, mine, theirs }, merged)
  }
  const [moved, other] = isMoved(theirs) ? [theirs, mine] : [mine, theirs]
  // If it was moved to an element that did not stay, the conflict is reported for the element, and the other side's
  // flag remains.
  if (isMoved(moved)) return staying(merged, moved) ?? staying(merged, other)
  // A side that removed the element did not decide that it loses the flag, should it stay.
  const isTaken = (['mine', 'theirs'] as const).some((side) => base?.[side] !== undefined && !isPrimary(base[side]))
  return isTaken ? undefined : staying(merged, base)
}

// An element that only one side has is in the list by a decision about the whole of it, its flag included.
function staying(merged: readonly MergedElement[], versions: Versions | undefined): MergedElement | undefined {
  const found = merged.find((element) => element.versions === versions)
  const isOnBoth = versions?.mine !== undefined && versions.theirs !== undefined
  return isOnBoth || isPrimary(found?.value) ? found : undefined
}

/** Which element is primary on each side. */
type Primaries = Readonly<Record<Side, Versions | undefined>>

function oneOfTwo(
  merging: Merging,
  place: Place,
  attribute: Attribute,
  { base, mine, theirs }: Primaries,
  merged: readonly MergedElement[],
): MergedElement | undefined {
  const [byMine, byTheirs] = [staying(merged, mine), staying(merged, theirs)]
  const left = byTheirs ?? byMine
  // No conflict where a strategy has decided that one of the two is removed. While that is open, so is this.
  const isAsked = (byMine !== undefined && byTheirs !== undefined) || merging.strategyFor(place.plain) === 'fail'
  if (!isAsked) return left
  const versions = { base: base?.base, mine: mine?.mine, theirs: theirs?.theirs }
  const path = `${place.path}[primary eq true]`
  const chosen = decide(merging, { path, plain: `${place.plain}.primary`, attribute, isElement: true }, versions)
  if (chosen === undefined) return undefined
  if (chosen === versions.mine) return byMine ?? left
  if (chosen === versions.theirs) return byTheirs ?? left
  // Both have moved the flag away from there; the former primary element may be removed.
  if (chosen === versions.base) return merged.find((element) => element.versions === base)
  const identity = identityKey(attribute)
  const isChosen = (value: JsonValue | undefined): boolean =>
    value !== undefined && identity(value) === identity(chosen)
  const found = merged.find(({ value }) => isChosen(value))
  if (found !== undefined) return found
  if (isChosen(versions.mine) || isChosen(versions.theirs)) return left
  throw new TypeError(`the strategy for ${path} returned none of the merged elements`)
}

function isPrimary(element: JsonValue | undefined): boolean {
  return isObject(element) && element.primary === true
}

// A flag that a side wrote stays written: `false` where a side has it, and absent where none does.
function flagged({ versions, value }: MergedElement, isIt: boolean): JsonValue {
  if (!isObject(value)) return value
  if (isIt) return withKey(value, 'primary', true)
  const { mine, theirs } = versions
  const isTold = [mine, theirs, value].some((element) => isObject(element) && element.primary !== undefined)
  return withKey(value, 'primary', isTold ? false : undefined)
}
