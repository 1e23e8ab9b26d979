/**
 * Applies operations to a document: a pure function, all or nothing because it throws before anything is stored.
 * A later operation sees what an earlier one did.
 * @see RFC 7644 §3.5.2.1 (add), §3.5.2.2 (remove), §3.5.2.3 (replace)
 */
import { scimError } from '../errors.js'
import type { Filter } from '../filter/ast.js'
import { elementMatcherOf } from '../filter/evaluate.js'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue, own } from '../json.js'
import { isEmptyValue, valueAt, withKey, withValueAt } from '../resource/document.js'
import { isOwnSchema, pathOfKey } from '../resource/read-key.js'
import { isServerMade } from '../resource/read-resource.js'
import {
  ignoreUnknown,
  isComputed,
  type Reading,
  readElements,
  readValue,
  refersToResource,
} from '../resource/read-value.js'
import { checkImmutableParts } from '../resource/settle.js'
import type { Attribute, AttributePath, ResourceType } from '../schema/attribute.js'
import { coalesceMembers } from './coalesce.js'
import { appended, keepOnePrimary, mergedElement, partsWanted, without } from './elements.js'
import type { AddOrReplace, PatchOperation, PatchPath, Remove } from './operation.js'
import { termsOf, weightOf } from './weight.js'

/** How a PATCH is being applied. */
export interface Patching extends Reading {
  readonly type: ResourceType
  /** Counts the characters looked at; throws 400 tooMany when there were too many. */
  readonly work: (weight: number) => void
}

type KnownPath = Extract<PatchPath, { readonly known: true }>

/** A counter of work for one PATCH. Throws 400 tooMany above `most`. */
export function workCounter(most: number): (weight: number) => void {
  let done = 0
  return (weight) => {
    done += weight
    if (done > most) throw scimError.tooMany('These operations look at more values than one request may.')
  }
}

/** The document after all operations. Throws 400 invalidValue, mutability, noTarget or tooMany. */
export function applyPatch(
  document: JsonObject,
  operations: readonly PatchOperation[],
  patching: Patching,
): JsonObject {
  let patched = document
  for (const operation of coalesceMembers(patching.type, operations)) patched = applyOne(patched, operation, patching)
  return patched
}

function applyOne(document: JsonObject, operation: PatchOperation, patching: Patching): JsonObject {
  const { path } = operation
  if (path === undefined) return operation.op === 'remove' ? document : applyWithoutPath(document, operation, patching)
  if (!path.known) {
    patching.ignored.add(path.text)
    return document
  }
  if (isReadOnly(path.path)) {
    if (path.path.attribute?.name !== 'schemas') patching.ignored.add(path.path.text)
    return document
  }
  return operation.op === 'remove'
    ? applyRemove(document, operation, path, patching)
    : applyAt(document, operation, path, patching)
}

function isReadOnly(path: AttributePath): boolean {
  if (path.attribute?.mutability === 'readOnly' || isServerMade(path)) return true
  return path.attribute !== undefined && path.sub !== undefined && isComputed(path.attribute, path.sub)
}

// ── without path ─────────────────────────────────────────────────────────────────────────────────────────────────

function applyWithoutPath(document: JsonObject, operation: AddOrReplace, patching: Patching): JsonObject {
  const attributes = operation.value
  if (!isObject(attributes)) return document
  let patched = document
  for (const key of Object.keys(attributes)) {
    const value = attributes[key] as JsonValue
    if (isOwnSchema(patching.type, key)) {
      patched = applyWithoutPath(patched, { op: operation.op, path: undefined, value }, patching)
      continue
    }
    const path = pathOfKey(patching.type, key, patching.interop)
    if (path === undefined) ignoreUnknown(key, value, patching)
    else if (isServerMade(path)) checkEcho(document, path, value)
    else if (isReadOnly(path)) patching.ignored.add(path.text)
    else
      patched = applyAt(
        patched,
        { op: operation.op, value, path: undefined },
        { known: true, path, filter: undefined },
        patching,
      )
  }
  return patched
}

// Okta echoes the id in a rename, authentik `schemas` and `id`: the same id is no change, another one is refused.
function checkEcho(document: JsonObject, path: AttributePath, value: JsonValue): void {
  if (path.attribute?.name === 'id' && path.sub === undefined && value !== null && value !== own(document, 'id')) {
    throw scimError.mutability('id is made by the server and does not change.')
  }
}

// ── add and replace at a path ────────────────────────────────────────────────────────────────────────────────────

function applyAt(document: JsonObject, operation: AddOrReplace, target: KnownPath, patching: Patching): JsonObject {
  const { path, filter } = target
  if (path.attribute === undefined) return applyToExtension(document, operation, path, patching)
  if (filter !== undefined) return applyToMatching(document, operation, path, path.attribute, filter, patching)
  if (path.sub !== undefined && path.attribute.multiValued) {
    return applyToEvery(document, operation, path, path.attribute, path.sub, patching)
  }
  if (path.attribute.multiValued) return applyToList(document, operation, path, path.attribute, patching)
  return applyToSingle(document, operation, path, path.sub ?? path.attribute, patching)
}

// An extension object adds to what is there; it never replaces the extension as a whole (idp-quirks row 6).
function applyToExtension(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  patching: Patching,
): JsonObject {
  const { extension } = path
  if (extension === undefined) return document
  if (operation.value === null) return removeAt(document, path)
  if (!isObject(operation.value)) throw scimError.invalidValue(`${extension.id} takes an object of attributes.`)
  let patched = document
  for (const name of Object.keys(operation.value)) {
    const value = operation.value[name] as JsonValue
    const attribute = extension.attributes.get(name.toLowerCase())
    if (attribute === undefined) {
      ignoreUnknown(`${extension.id}:${name}`, value, patching)
      continue
    }
    const inside: AttributePath = { text: attribute.path, extension, attribute, sub: undefined }
    if (isReadOnly(inside)) patching.ignored.add(inside.text)
    else
      patched = applyAt(
        patched,
        { op: operation.op, value, path: undefined },
        { known: true, path: inside, filter: undefined },
        patching,
      )
  }
  return patched
}

function applyToSingle(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  leaf: Attribute,
  patching: Patching,
): JsonObject {
  const before = valueAt(document, path)
  const sent = readValue(leaf, operation.value, patching)
  // Entra clears a manager with `""`, in `manager` and in `manager.value` (idp-quirks row 9).
  const value = sent === '' && isIdOfReference(path) ? undefined : sent
  if (value === undefined) {
    const cleared = clearedParts(leaf, before, operation.value)
    return cleared === undefined ? removeAt(document, path) : withValueAt(document, path, cleared)
  }
  const next = leaf.type === 'complex' && isObject(before) ? mergedElement(before, value) : value
  return clearNulls(withValueAt(document, path, next), path, leaf, operation.value)
}

// `{"name": {"givenName": null}}` takes the one part away and leaves the others (RFC 7643 §2.5).
function clearNulls(document: JsonObject, path: AttributePath, leaf: Attribute, sent: JsonValue): JsonObject {
  if (leaf.type !== 'complex' || !isObject(sent) || !Object.values(sent).includes(null)) return document
  const value = valueAt(document, path)
  const cleared = isObject(value) ? clearedParts(leaf, value, sent) : undefined
  return cleared === undefined ? document : withValueAt(document, path, isEmptyValue(cleared) ? undefined : cleared)
}

// The value without the parts that were sent as null; undefined if what was sent is no object of nulls.
function clearedParts(leaf: Attribute, before: JsonValue | undefined, sent: JsonValue): JsonObject | undefined {
  if (leaf.type !== 'complex' || !isObject(before) || !isObject(sent)) return undefined
  const nulls = Object.keys(sent).filter((name) => sent[name] === null)
  if (nulls.length === 0) return undefined
  let cleared = before
  for (const name of nulls) {
    const sub = leaf.subAttributes.get(name.toLowerCase())
    if (sub !== undefined) cleared = withKey(cleared, sub.name, undefined)
  }
  return refersNowhere(leaf, cleared) ? emptyObject() : cleared
}

function isIdOfReference({ attribute, sub }: AttributePath): boolean {
  return attribute !== undefined && sub?.name === 'value' && refersToResource(attribute)
}

// A reference without its id refers to nothing.
function refersNowhere(leaf: Attribute, value: JsonObject): boolean {
  return refersToResource(leaf) && own(value, 'value') === undefined
}

function applyToList(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  patching: Patching,
): JsonObject {
  const before = elementsAt(document, path)
  const given = readElements(attribute, operation.value, patching)
  patching.work(weightOf(before) + weightOf(given))
  if (operation.op === 'replace') {
    if (given.length === 0) return removeAt(document, path)
    return withValueAt(document, path, given)
  }
  const after = appended(attribute, before, given)
  return after.length === 0 ? document : withValueAt(document, path, keepOnePrimary(attribute, before, after))
}

// `emails.type` without a filter means the part in every element.
function applyToEvery(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  sub: Attribute,
  patching: Patching,
): JsonObject {
  const before = elementsAt(document, path)
  const value = readValue(sub, operation.value, patching)
  patching.work(weightOf(before))
  if (before.length === 0) {
    if (value === undefined) return document
    return withList(document, path, [withKey(emptyObject(), sub.name, value)])
  }
  const after = before.map((element) => withPart(element, sub, value))
  return withList(document, path, keepOnePrimary(attribute, before, after))
}

function applyToMatching(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  filter: Filter,
  patching: Patching,
): JsonObject {
  const before = elementsAt(document, path)
  patching.work(weightOf(before) * termsOf(filter))
  const matching = before.map(elementMatcherOf(filter))
  if (!matching.includes(true)) return createMatching(document, operation, path, attribute, filter, patching)
  const change = changeOfElement(operation, path, attribute, patching)
  const after = before
    .map((element, position) => (matching[position] ? change(element) : element))
    .filter((element) => !isEmptyValue(element))
  return withList(document, path, keepOnePrimary(attribute, before, after))
}

function changeOfElement(
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  patching: Patching,
): (element: JsonValue) => JsonValue {
  const { sub } = path
  if (sub !== undefined) {
    const value = readValue(sub, operation.value, patching)
    return (element) => withPart(element, sub, value)
  }
  const [given] = readElements(attribute, operation.value, patching)
  if (given === undefined) throw scimError.invalidValue(`${path.text}[…] takes an object.`)
  return (element) => {
    // RFC 7644 §3.5.2.3: matching values SHALL be replaced; add merges (§3.5.2.1).
    const changed = operation.op === 'replace' ? given : mergedElement(element, given)
    if (isObject(element) && isObject(changed)) checkImmutableParts(attribute, changed, element)
    return changed
  }
}

function withPart(element: JsonValue, sub: Attribute, value: JsonValue | undefined): JsonValue {
  if (!isObject(element)) return element
  const before = own(element, sub.name)
  if (sub.mutability === 'immutable' && before !== undefined && before !== value) {
    throw scimError.mutability(`${sub.path} is immutable and has a value already.`)
  }
  return withKey(element, sub.name, value)
}

// Entra adds `phoneNumbers[type eq "work"].value` to a user who has no phone (idp-quirks rows 10, 11).
function createMatching(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  attribute: Attribute,
  filter: Filter,
  patching: Patching,
): JsonObject {
  const { patchAddCreatesMissing, patchReplaceCreatesMissing } = patching.interop
  const mayCreate = operation.op === 'add' ? patchAddCreatesMissing : patchReplaceCreatesMissing
  const wanted = mayCreate ? partsWanted(filter) : undefined
  if (wanted === undefined) throw scimError.noTarget(`${path.text}: no value matches the filter of the path.`)
  const element = emptyObject()
  for (const [name, value] of wanted) element[name] = value
  const [created] = readElements(attribute, withGiven(element, operation, path), patching)
  if (created === undefined) return document
  const before = elementsAt(document, path)
  return withList(document, path, keepOnePrimary(attribute, before, appended(attribute, before, [created])))
}

function withGiven(element: JsonObject, operation: AddOrReplace, path: AttributePath): JsonObject {
  if (path.sub !== undefined) return withKey(element, path.sub.name, operation.value)
  const given = isArray(operation.value) ? operation.value[0] : operation.value
  if (!isObject(given)) throw scimError.invalidValue(`${path.text}[…] takes an object.`)
  const merged = mergedElement(element, given)
  return isObject(merged) ? merged : element
}

// ── remove ───────────────────────────────────────────────────────────────────────────────────────────────────────

function applyRemove(document: JsonObject, operation: Remove, target: KnownPath, patching: Patching): JsonObject {
  const { path, filter } = target
  const { attribute } = path
  if (attribute === undefined) return removeAt(document, path)
  if (filter !== undefined) return removeMatching(document, path, attribute, filter, patching)
  if (path.sub !== undefined && attribute.multiValued) return removeFromEvery(document, path, path.sub, patching)
  if (attribute.multiValued && operation.value !== undefined) {
    // `remove members` with a list names those to remove; a server that ignores it empties the group (row 13).
    const before = elementsAt(document, path)
    const named = readElements(attribute, operation.value, patching)
    patching.work(refersToResource(attribute) ? weightOf(before) : weightOf(before) * named.length)
    return withList(document, path, without(attribute, before, named))
  }
  return removeAt(document, path)
}

function removeMatching(
  document: JsonObject,
  path: AttributePath,
  attribute: Attribute,
  filter: Filter,
  patching: Patching,
): JsonObject {
  const before = elementsAt(document, path)
  patching.work(weightOf(before) * termsOf(filter))
  const matching = before.map(elementMatcherOf(filter))
  if (!matching.includes(true)) {
    // RFC 7644 §3.5.2.2: removing a user who is not a member makes no change and succeeds.
    if (attribute === patching.type.members || patching.interop.patchRemoveMissingIsNoop) return document
    throw scimError.noTarget(`${path.text}: no value matches the filter of the path.`)
  }
  const { sub } = path
  if (sub === undefined)
    return withList(
      document,
      path,
      before.filter((_element, position) => !matching[position]),
    )
  if (sub.required) throw scimError.mutability(`${sub.path} is required.`)
  const after = before.map((element, position) => (matching[position] ? withPart(element, sub, undefined) : element))
  return withList(
    document,
    path,
    after.filter((element) => !isEmptyValue(element)),
  )
}

function removeFromEvery(document: JsonObject, path: AttributePath, sub: Attribute, patching: Patching): JsonObject {
  const before = elementsAt(document, path)
  patching.work(weightOf(before))
  if (sub.required) throw scimError.mutability(`${sub.path} is required.`)
  const after = before.map((element) => withPart(element, sub, undefined))
  return withList(
    document,
    path,
    after.filter((element) => !isEmptyValue(element)),
  )
}

function removeAt(document: JsonObject, path: AttributePath): JsonObject {
  const leaf = path.sub ?? path.attribute
  const isThere = valueAt(document, path) !== undefined
  if (leaf?.required && isThere) throw scimError.mutability(`${leaf.path} is required.`)
  if (leaf?.mutability === 'immutable' && isThere) throw scimError.mutability(`${leaf.path} is immutable.`)
  // A secret is not in the document, so its removal must be: null, which the writer takes out again.
  if (leaf?.mutability === 'writeOnly') return withValueAt(document, path, null)
  if (leaf === undefined && path.extension !== undefined) return withKey(document, path.extension.id, undefined)
  const removed = withValueAt(document, path, undefined)
  if (path.sub === undefined || path.attribute === undefined) return removed
  const parent: AttributePath = { ...path, text: path.attribute.path, sub: undefined }
  const rest = valueAt(removed, parent)
  return isObject(rest) && refersNowhere(path.attribute, rest) ? withValueAt(removed, parent, undefined) : removed
}

// ── the list at a path ───────────────────────────────────────────────────────────────────────────────────────────

// A complex single value behaves as a list of at most one when a filter picks it (`manager[value eq "…"]`).
function elementsAt(document: JsonObject, path: AttributePath): readonly JsonValue[] {
  const value = valueAt(document, wholeAttribute(path))
  if (value === undefined) return []
  return isArray(value) ? value : [value]
}

function withList(document: JsonObject, path: AttributePath, elements: readonly JsonValue[]): JsonObject {
  const whole = wholeAttribute(path)
  if (elements.length === 0) return withValueAt(document, whole, undefined)
  return withValueAt(document, whole, path.attribute?.multiValued ? elements : elements[0])
}

function wholeAttribute(path: AttributePath): AttributePath {
  return path.sub === undefined ? path : { ...path, text: path.attribute?.path ?? path.text, sub: undefined }
}
