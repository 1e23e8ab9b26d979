/** At most one element of a list is primary, whatever two sides made of theirs. @see RFC 7643 §2.4 */
import { isObject, type JsonValue } from '../json.js'
import { withKey } from '../resource/document.js'
import type { Attribute } from '../schema/attribute.js'
import { isPrimaryFlag } from './equality.js'
import { identityKey } from './match.js'
import { decide, type Merging, type Place, type Versions } from './merging.js'

/** One element of the result, and what it was. */
export interface MergedElement {
  readonly versions: Versions
  readonly value: JsonValue
}

/**
 * The merged elements, one of them primary or none. Which one is a single thing that each side may have moved; a
 * conflict if both did, to different elements.
 */
export function withOnePrimary(
  merging: Merging,
  place: Place,
  attribute: Attribute,
  triples: readonly Versions[],
  merged: readonly MergedElement[],
): readonly JsonValue[] {
  if (!isPrimaryFlag(attribute, 'primary')) return merged.map(({ value }) => value)
  const primary = primaryAmong(merging, place, attribute, triples, merged)
  return merged.map((element) => flagged(element, element === primary))
}

type Side = keyof Versions

function primaryAmong(
  merging: Merging,
  place: Place,
  attribute: Attribute,
  triples: readonly Versions[],
  merged: readonly MergedElement[],
): MergedElement | undefined {
  const onSide = (side: Side): Versions | undefined => triples.find((versions) => isPrimary(versions[side]))
  const [base, mine, theirs] = [onSide('base'), onSide('mine'), onSide('theirs')]
  const isMoved = (side: Versions | undefined): boolean => side !== undefined && side !== base
  if (!isMoved(mine) || !isMoved(theirs) || mine === theirs) {
    const moved = [theirs, mine].find(isMoved)
    // Nobody moved it: it is where both have left it.
    const versions = moved ?? (mine === theirs ? theirs : undefined)
    return merged.find((element) => element.versions === versions)
  }
  const chosen = decide(
    merging,
    { path: `${place.path}[primary eq true]`, plain: `${place.plain}.primary`, attribute, isElement: true },
    { base: base?.base, mine: mine?.mine, theirs: theirs?.theirs },
  )
  if (chosen === undefined) return undefined
  const sides = [mine, theirs, base]
  const side = sides.find((one) => one !== undefined && [one.mine, one.theirs, one.base].includes(chosen))
  // One side's element may have lost its place in the list to the other side's edits: then none is primary.
  return side === undefined
    ? elementLike(place, attribute, merged, chosen)
    : merged.find((one) => one.versions === side)
}

function elementLike(
  place: Place,
  attribute: Attribute,
  merged: readonly MergedElement[],
  chosen: JsonValue,
): MergedElement {
  const identity = identityKey(attribute)
  const wanted = identity(chosen)
  const found = merged.find(({ value }) => identity(value) === wanted)
  if (found !== undefined) return found
  throw new TypeError(`the strategy for ${place.path}[primary eq true] gave none of the merged elements`)
}

function isPrimary(element: JsonValue | undefined): boolean {
  return isObject(element) && element.primary === true
}

// Whose flag was told stays told: `false` where a side says so, and nothing where none does.
function flagged({ versions, value }: MergedElement, isIt: boolean): JsonValue {
  if (!isObject(value)) return value
  if (isIt) return withKey(value, 'primary', true)
  const { mine, theirs } = versions
  const isTold = [mine, theirs, value].some((element) => isObject(element) && element.primary !== undefined)
  return withKey(value, 'primary', isTold ? false : undefined)
}
