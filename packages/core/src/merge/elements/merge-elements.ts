/**
 * Merges a list of complex values as a set: an element that one side added, changed or removed is so in the result, and
 * where both changed one element its parts are merged like any others.
 * @see RFC 7643 §2.4
 */
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../../json/value.js'
import { withKey } from '../../resource/document.js'
import { canonicalText, isPrimaryFlag, isSame, isSpelledSame } from '../../resource/equality.js'
import type { Attribute } from '../../schema/attribute.js'
import { isComputed } from '../../schema/computed.js'
import { decide, type Lists, type Merging, type Place, type Versions } from '../merging.js'
import { alignElements } from './align-elements.js'
import { type MergedElement, withOnePrimary } from './primary.js'
import { countSelectors, selectorsOf } from './selector.js'

/** Merges the parts of one element, except `primary`. */
export type MergeParts = (
  merging: Merging,
  place: Place,
  attribute: Attribute,
  versions: Versions,
) => JsonObject | undefined

/** The list; undefined if it is empty. */
export function mergeElements(
  merging: Merging,
  place: Place,
  attribute: Attribute,
  lists: Lists,
  mergeParts: MergeParts,
): JsonValue | undefined {
  const placeOf = placesOf(place, attribute, lists)
  const merged: MergedElement[] = []
  const aligned = alignElements(attribute, lists)
  for (const versions of aligned) {
    const value = mergeElement(merging, placeOf, attribute, versions, mergeParts)
    if (value !== undefined) merged.push({ versions, value })
  }
  const elements = withOnePrimary(merging, place, attribute, aligned, merged).filter((element) => !isNothing(element))
  const once = new Map(elements.map((element) => [canonicalText(attribute, element), element]))
  return once.size === 0 ? undefined : [...once.values()]
}

// A flag that is not primary carries no information.
function isNothing(element: JsonValue): boolean {
  return isObject(element) && Object.keys(element).every((name) => name === 'primary' && element[name] === false)
}

function mergeElement(
  merging: Merging,
  placeOf: (versions: Versions) => Place,
  attribute: Attribute,
  versions: Versions,
  mergeParts: MergeParts,
): JsonValue | undefined {
  const { base, mine, theirs } = versions
  if (mine !== undefined && theirs !== undefined) {
    // Unchanged elements, nearly all of a large group, need no place of their own.
    if (isSpelledSame(attribute, mine, theirs)) return theirs
    // The flag alone may be left of it, and it is merged later.
    return mergeParts(merging, placeOf(versions), attribute, versions) ?? emptyObject()
  }
  const left = mine ?? theirs
  if (base === undefined || left === undefined) return theirs ?? withoutComputed(attribute, mine)
  if (!isTouched(attribute, base, left)) return undefined
  return decide(merging, { ...placeOf(versions), isElement: true }, versions)
}

// An element loses the primary flag when another one gets it: that is not an edit that keeps the element.
function isTouched(attribute: Attribute, base: JsonValue, now: JsonValue): boolean {
  if (!isObject(base) || !isObject(now)) return !isSame(attribute, base, now)
  const hasFlag = isPrimaryFlag(attribute, 'primary')
  if (hasFlag && now.primary === true && base.primary !== true) return true
  const [before, after] = hasFlag
    ? [withKey(base, 'primary', undefined), withKey(now, 'primary', undefined)]
    : [base, now]
  return !isSame(attribute, before, withStanding(attribute, before, after))
}

// Immutable parts that a document leaves out stay.
function withStanding(attribute: Attribute, base: JsonObject, now: JsonObject): JsonObject {
  let standing = now
  for (const { name, mutability } of attribute.subAttributes.values()) {
    if (mutability === 'immutable' && now[name] === undefined) standing = withKey(standing, name, base[name])
  }
  return standing
}

function withoutComputed(attribute: Attribute, element: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(element)) return element
  const kept = emptyObject()
  for (const name of Object.keys(element)) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    if (sub === undefined || !isComputed(attribute, sub)) kept[name] = element[name] as JsonValue
  }
  return kept
}

// An element is named by the selector that it has on every side, if no other element has it.
function placesOf(place: Place, attribute: Attribute, lists: Lists): (versions: Versions) => Place {
  let counts: readonly Map<string, number>[] | undefined
  return (versions) => {
    counts ??= [lists.base, lists.mine, lists.theirs].map((list) => countSelectors(attribute, list))
    const present = [versions.theirs, versions.base, versions.mine].filter((element) => element !== undefined)
    const [first = [], ...others] = present.map((element) => selectorsOf(attribute, element))
    const isOnly = (key: string): boolean => counts?.every((count) => (count.get(key) ?? 0) <= 1) ?? false
    const everywhere = first.find(
      ({ key }) => isOnly(key) && others.every((keys) => keys.some((one) => one.key === key)),
    )
    const selector = everywhere ?? first.find(({ key }) => isOnly(key)) ?? first.at(-1)
    return selector === undefined ? place : { ...place, path: `${place.path}[${selector.text}]` }
  }
}
