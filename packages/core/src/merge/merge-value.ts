/** Merges one attribute: a simple value, the parts of a complex one, or a set. */
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { isEmptyValue } from '../resource/document.js'
import { canonicalText, isPrimaryFlag, isSame, isSpelledSame } from '../resource/equality.js'
import type { Attribute } from '../schema/attribute.js'
import { isComputed, refersToResource } from '../schema/computed.js'
import { mergeElements } from './elements/merge-elements.js'
import { decide, elementsOf, type Lists, type Merging, type Place, type Versions } from './merging.js'
import { fits } from './tidy.js'

/** The merged value of the place; undefined for none. */
export function mergeValue(merging: Merging, place: Place, given: Versions): JsonValue | undefined {
  const attribute = attributeFor(place, given)
  const versions = attribute?.mutability === 'immutable' ? standing(given) : given
  if (attribute === undefined) return mergeSimple(merging, { ...place, attribute }, versions)
  if (!attribute.multiValued) {
    return attribute.type === 'complex'
      ? mergeParts(merging, place, attribute, versions)
      : mergeSimple(merging, place, versions)
  }
  const lists = {
    base: elementsOf(versions.base),
    mine: elementsOf(versions.mine),
    theirs: elementsOf(versions.theirs),
  }
  return attribute.type === 'complex'
    ? mergeElements(merging, place, attribute, lists, mergeParts)
    : mergeSet(attribute, lists)
}

// Where a server returns another shape than the schema defines, the value is merged as a whole.
function attributeFor({ attribute }: Place, { base, mine, theirs }: Versions): Attribute | undefined {
  return attribute !== undefined && [base, mine, theirs].every((value) => fits(attribute, value))
    ? attribute
    : undefined
}

// An immutable value stays when a document leaves it out (RFC 7644 §3.5.1).
function standing({ base, mine, theirs }: Versions): Versions {
  return { base, mine: mine ?? base, theirs: theirs ?? base }
}

function mergeSimple(merging: Merging, place: Place, versions: Versions): JsonValue | undefined {
  const { attribute } = place
  const { base, mine, theirs } = versions
  if (isSame(attribute, mine, theirs)) return isSpelledSame(attribute, base, theirs) ? mine : theirs
  if (isSame(attribute, base, mine)) return theirs
  return isSame(attribute, base, theirs) ? mine : decide(merging, place, versions)
}

/** A complex value, part by part. In an element of a list `primary` is excluded: it is merged for the whole list. */
export function mergeParts(
  merging: Merging,
  place: Place,
  attribute: Attribute,
  versions: Versions,
): JsonObject | undefined {
  const [base, mine, theirs] = [partsOf(versions.base), partsOf(versions.mine), partsOf(versions.theirs)]
  const merged = emptyObject()
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(base)])) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    if (isPrimaryFlag(attribute, name) || (sub !== undefined && isComputed(attribute, sub))) continue
    const value = mergeValue(
      merging,
      { path: `${place.path}.${name}`, plain: `${place.plain}.${name}`, attribute: sub },
      { base: base[name], mine: mine[name], theirs: theirs[name] },
    )
    if (value !== undefined && !isEmptyValue(value)) merged[name] = value
  }
  copyComputed(attribute, theirs, merged)
  return isEmptyValue(merged) ? undefined : merged
}

// The name of the old manager does not belong to the new one.
function copyComputed(attribute: Attribute, theirs: JsonObject, merged: { [name: string]: JsonValue }): void {
  const id = attribute.subAttributes.get('value')
  if (refersToResource(attribute) && !isSame(id, theirs.value, merged.value)) return
  for (const name of Object.keys(theirs)) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    if (sub !== undefined && isComputed(attribute, sub)) merged[name] = theirs[name] as JsonValue
  }
}

function partsOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : emptyObject()
}

// A set of simple values has no conflicts: each value is present or not, and the side that changed it decides.
function mergeSet(attribute: Attribute, lists: Lists): JsonValue | undefined {
  const base = byKey(attribute, lists.base)
  const mine = byKey(attribute, lists.mine)
  const theirs = byKey(attribute, lists.theirs)
  const merged: JsonValue[] = []
  for (const key of new Set([...theirs.keys(), ...mine.keys()])) {
    const [was, mineNow, theirsNow] = [base.get(key), mine.get(key), theirs.get(key)]
    const isRemoved = was !== undefined && (mineNow === undefined || theirsNow === undefined)
    const now = theirsNow === undefined || was === theirsNow ? (mineNow ?? theirsNow) : theirsNow
    if (!isRemoved && now !== undefined) merged.push(now)
  }
  return merged.length === 0 ? undefined : merged
}

function byKey(attribute: Attribute, elements: readonly JsonValue[]): ReadonlyMap<string, JsonValue> {
  return new Map(elements.map((element) => [canonicalText(attribute, element), element]))
}
