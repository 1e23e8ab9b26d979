/**
 * The remove operation with a filter in its path. A value beside the filter narrows its matches; it never widens them.
 * @see RFC 7644 §3.5.2.2
 */
import { scimError } from '../errors.js'
import type { Filter } from '../filter/ast.js'
import { elementMatcherOf } from '../filter/evaluation/evaluate.js'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { isEmptyValue } from '../resource/document.js'
import { readElements } from '../resource/read-value.js'
import type { Attribute, AttributePath } from '../schema/attribute.js'
import { costOf, termsOf } from './cost.js'
import { without } from './elements/without.js'
import { elementsAt, withList } from './list-at.js'
import type { Patching } from './patching.js'
import { hasPart, namedPartRemoved, namesNothing, partRemoved } from './remove-part.js'

/**
 * The document without the elements, or without the parts of the elements, that a filter selects. Throws 400 noTarget
 * for a filter without match, and 400 invalidValue for a value that equals none of the matches.
 */
export function removeMatching(
  document: JsonObject,
  path: AttributePath,
  attribute: Attribute,
  filter: Filter,
  value: JsonValue | undefined,
  patching: Patching,
): JsonObject {
  const before = elementsAt(document, path)
  patching.work(costOf(before) * termsOf(filter))
  const matches = new Set(before.filter(elementMatcherOf(filter)))
  if (matches.size === 0) {
    // RFC 7644 §3.5.2.2: removing a user who is not a member makes no change and succeeds.
    if (attribute === patching.type.members || patching.interop.patchRemoveMissingIsNoop) return document
    throw scimError.noTarget(`${path.text}: no value matches the filter of the path.`)
  }
  if (path.sub !== undefined) return removePartOf(document, path, path.sub, matches, value, patching)
  const removed = value === undefined ? matches : namedAmong(matches, attribute, path, value, patching)
  return withList(
    document,
    path,
    before.filter((element) => !removed.has(element)),
  )
}

function removePartOf(
  document: JsonObject,
  path: AttributePath,
  sub: Attribute,
  matches: ReadonlySet<JsonValue>,
  value: JsonValue | undefined,
  patching: Patching,
): JsonObject {
  const change = value === undefined ? partRemoved(sub) : namedPartRemoved(sub, value, patching)
  const before = elementsAt(document, path)
  const after = before.map((element) => (matches.has(element) ? change(element) : element))
  const isUnchanged = after.every((element, place) => element === before[place])
  if (isUnchanged && [...matches].some((element) => hasPart(element, sub))) throw sparesAll(path)
  return isUnchanged ? document : withList(document, path, after)
}

// A value beside a filter narrows the matches. A value that excludes all of them contradicts the filter.
function namedAmong(
  matches: ReadonlySet<JsonValue>,
  attribute: Attribute,
  path: AttributePath,
  value: JsonValue,
  patching: Patching,
): ReadonlySet<JsonValue> {
  const named = readElements(attribute, withoutEmptyParts(value), patching)
  if (named.length === 0) throw namesNothing(attribute)
  patching.work(costOf([...matches]) * named.length)
  const spared = new Set(without(attribute, [...matches], named))
  if (spared.size === matches.size) throw sparesAll(path)
  return new Set([...matches].filter((element) => !spared.has(element)))
}

function sparesAll({ text }: AttributePath): Error {
  return scimError.invalidValue(`${text}: the value equals none of the values that the filter selects.`)
}

// Beside a filter an empty part selects nothing, as an empty value does not.
function withoutEmptyParts(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(withoutEmptyParts)
  if (!isObject(value)) return value
  const kept = emptyObject()
  for (const name of Object.keys(value)) {
    const part = value[name] as JsonValue
    if (part !== '' && !isEmptyValue(part)) kept[name] = part
  }
  return kept
}
