/**
 * add and replace at a multi-valued attribute: the list, a part of every element, or the elements that a filter
 * selects.
 * @see RFC 7644 §3.5.2.1, §3.5.2.3
 */
import { scimError } from '../errors.js'
import type { Filter } from '../filter/ast.js'
import { elementMatcherOf } from '../filter/evaluation/evaluate.js'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue, own } from '../json/value.js'
import type { Steps } from '../pacing/portions.js'
import { isUnassigning, withKey, withValueAt } from '../resource/document.js'
import { readElements, readElementsInSteps, readValue } from '../resource/read-value.js'
import { checkImmutableParts } from '../resource/validate-document.js'
import type { Attribute, AttributePath } from '../schema/attribute.js'
import { costOf, termsOf } from './cost.js'
import { appended, appendedInSteps } from './elements/append.js'
import { keepOnePrimary } from './elements/keep-one-primary.js'
import { mergedElement, partsWanted, withoutNulls, withPart } from './elements/parts.js'
import { elementsAt, withList, withListInSteps } from './list-at.js'
import type { AddOrReplace } from './operation.js'
import type { Patching } from './patching.js'
import { removeAt } from './remove-at.js'

/** The list itself: add appends new elements, replace replaces the list. */
export function* setList(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  patching: Patching,
): Steps<JsonObject> {
  const before = elementsAt(document, path)
  const given = yield* readElementsInSteps(attribute, operation.value, patching)
  patching.work(costOf(before) + costOf(given))
  if (operation.op === 'replace') {
    return given.length === 0 ? removeAt(patching.type, document, path) : withValueAt(document, path, given)
  }
  const after = yield* appendedInSteps(attribute, before, given)
  return after.length === 0
    ? document
    : yield* withListInSteps(document, path, keepOnePrimary(attribute, before, after))
}

/** `emails.type` without a filter: the part in every element. Without any element, one is created with the part. */
export function setInEvery(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  sub: Attribute,
  patching: Patching,
): JsonObject {
  const before = elementsAt(document, path)
  patching.work(costOf(before))
  const change = changeOfPart(operation, sub, patching)
  const after =
    before.length > 0
      ? before.map(change)
      : readElements(attribute, withKey(emptyObject(), sub.name, operation.value), patching)
  return withList(document, path, keepOnePrimary(attribute, before, after))
}

/** `emails[type eq "work"]` and `emails[type eq "work"].value`: the elements that match, or the part in them. */
export function setMatching(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  filter: Filter,
  patching: Patching,
): JsonObject {
  const before = elementsAt(document, path)
  patching.work(costOf(before) * termsOf(filter))
  const matches = new Set(before.filter(elementMatcherOf(filter)))
  if (path.sub === undefined && operation.op === 'replace' && isUnassigning(operation.value) && matches.size > 0) {
    return withList(
      document,
      path,
      before.filter((element) => !matches.has(element)),
    )
  }
  if (matches.size === 0) return createMatching(document, operation, path, attribute, filter, patching)
  const change =
    path.sub === undefined
      ? changeOfElement(operation, path, attribute, patching)
      : changeOfPart(operation, path.sub, patching)
  const after = before.map((element) => (matches.has(element) ? change(element) : element))
  return withList(document, path, keepOnePrimary(attribute, before, after))
}

function changeOfPart(operation: AddOrReplace, sub: Attribute, patching: Patching): (element: JsonValue) => JsonValue {
  if (!sub.multiValued || operation.op === 'replace') {
    const value = readValue(sub, operation.value, patching)
    return (element) => withPart(element, sub, value)
  }
  const given = readElements(sub, operation.value, patching)
  return (element) => {
    const before = isObject(element) ? own(element, sub.name) : undefined
    const after = appended(sub, isArray(before) ? before : [], given)
    return after.length === 0 ? element : withPart(element, sub, after)
  }
}

function changeOfElement(
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  patching: Patching,
): (element: JsonValue) => JsonValue {
  const sent = onlyElement(operation.value, path)
  const [given] = readElements(attribute, sent, patching)
  if (given === undefined) throw scimError.invalidValue(`${path.text}[…] must be an object.`)
  // RFC 7644 §3.5.2.3: matching values SHALL be replaced; add merges (§3.5.2.1). Plain text replaces `value` alone.
  const isWhole = operation.op === 'replace' && (isObject(sent) || attribute.type !== 'complex')
  return (element) => {
    const changed = isWhole ? given : withoutNulls(attribute, mergedElement(element, given), sent)
    if (isObject(element) && isObject(changed)) checkImmutableParts(attribute, changed, element)
    return changed
  }
}

// Each element that matches becomes this one; with two the result would be ambiguous.
function onlyElement(value: JsonValue, path: AttributePath): JsonValue {
  if (!isArray(value)) return value
  const [only] = value
  if (value.length === 1 && only !== undefined) return only
  throw scimError.invalidValue(`${path.text}[…] must be one value, not a list.`)
}

// Entra adds `phoneNumbers[type eq "work"].value` to a user who has no phone (IDP-10, IDP-11).
function createMatching(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  filter: Filter,
  patching: Patching,
): JsonObject {
  const { patchAddCreatesMissing, patchReplaceCreatesMissing } = patching.interop
  const before = elementsAt(document, path)
  const mayCreate = operation.op === 'add' ? patchAddCreatesMissing : patchReplaceCreatesMissing
  const hasRoom = attribute.type === 'complex' && (attribute.multiValued || before.length === 0)
  const wanted = mayCreate && hasRoom ? partsWanted(filter) : undefined
  if (wanted === undefined) throw scimError.noTarget(`${path.text}: no value matches the filter of the path.`)
  // A value that unassigns creates no element.
  if (isUnassigning(operation.value)) return document
  const element = emptyObject()
  for (const [name, value] of wanted) element[name] = value
  const [created] = readElements(attribute, withGiven(element, operation, path, attribute, patching), patching)
  if (created === undefined || !elementMatcherOf(filter)(created)) {
    throw scimError.noTarget(
      `${path.text}: no value matches the filter of the path, and no matching value can be created.`,
    )
  }
  return withList(document, path, keepOnePrimary(attribute, before, appended(attribute, before, [created])))
}

function withGiven(
  element: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  patching: Patching,
): JsonValue {
  if (path.sub !== undefined) return withKey(element, path.sub.name, operation.value)
  const [given] = readElements(attribute, onlyElement(operation.value, path), patching)
  if (!isObject(given)) throw scimError.invalidValue(`${path.text}[…] must be an object.`)
  return mergedElement(element, given)
}
