/**
 * The remove operation. A filter or a missing value takes everything at the path; a value beside the path, which Entra,
 * JumpCloud and authentik send, names what goes: it narrows, it never widens.
 * @see RFC 7644 §3.5.2.2
 */
import { scimError } from '../errors.js'
import type { Filter } from '../filter/ast.js'
import { elementMatcherOf } from '../filter/evaluate.js'
import { isArray, isObject, type JsonObject, type JsonValue, own } from '../json.js'
import { valueAt, withValueAt } from '../resource/document.js'
import { canonicalText, isSame } from '../resource/equality.js'
import { pathOfExtensionKey } from '../resource/read-key.js'
import { ignoreUnknown, readElements, readValue } from '../resource/read-value.js'
import type { Attribute, AttributePath, Schema } from '../schema/attribute.js'
import { refersToResource } from '../schema/computed.js'
import { distinct, without, withPart } from './elements.js'
import { elementsAt, withList } from './list-at.js'
import type { PatchPath, Remove } from './operation.js'
import type { Patching } from './patching.js'
import { isReadOnlyPath } from './read-only.js'
import { removeAt } from './remove-at.js'
import { termsOf, weightOf } from './weight.js'

/**
 * The document after a remove. Throws 400 mutability for what must stay, 400 noTarget for a filter without match, and 400
 * invalidValue for a value that names nothing the schema defines or, beside a filter, none of the matches.
 */
export function applyRemove(
  document: JsonObject,
  { value }: Remove,
  { path, filter }: Extract<PatchPath, { readonly known: true }>,
  patching: Patching,
): JsonObject {
  const { attribute } = path
  if (attribute !== undefined && filter !== undefined) {
    return removeMatching(document, path, attribute, filter, value, patching)
  }
  if (attribute === undefined && path.extension !== undefined && value !== undefined) {
    return removeFromExtension(document, path.extension, value, patching)
  }
  const leaf = path.sub ?? attribute
  // A single value is removed whatever old value comes along; a list or an object loses what is named.
  const isNarrowed = value !== undefined && leaf !== undefined && (hasElements(path) || leaf.type === 'complex')
  return isNarrowed ? removeNamedAt(document, path, leaf, value, patching) : removeWhole(document, path, patching)
}

function hasElements({ attribute, sub }: AttributePath): boolean {
  return attribute?.multiValued === true || sub?.multiValued === true
}

function removeWhole(document: JsonObject, path: AttributePath, patching: Patching): JsonObject {
  const { attribute, sub } = path
  if (attribute?.multiValued && sub !== undefined) {
    return removeFromElements(document, path, attribute, sub, () => true, patching)
  }
  return removeAt(patching.type, document, path)
}

// What a value names at a path: elements of a list, parts of an object, or one value if it is equal.
function removeNamedAt(
  document: JsonObject,
  path: AttributePath,
  leaf: Attribute,
  value: JsonValue,
  patching: Patching,
): JsonObject {
  const { attribute, sub } = path
  if (attribute?.multiValued && sub !== undefined)
    return removeFromNamed(document, path, attribute, sub, value, patching)
  if (leaf.multiValued) return removeElements(document, path, leaf, value, patching)
  if (leaf.type === 'complex') return removeParts(document, path, leaf, value, patching)
  const isEqual = isSame(leaf, valueAt(document, path), readValue(leaf, value, patching))
  return isEqual ? removeAt(patching.type, document, path) : document
}

// `remove members` with a list names those to remove; a server that ignores the list empties the group.
function removeElements(
  document: JsonObject,
  path: AttributePath,
  leaf: Attribute,
  value: JsonValue,
  patching: Patching,
): JsonObject {
  const found = valueAt(document, path)
  const before = isArray(found) ? found : []
  const named = readElements(leaf, value, patching)
  patching.work(refersToResource(leaf) ? weightOf(before) : weightOf(before) * named.length)
  const after = without(leaf, before, named)
  if (path.sub === undefined) return withList(document, path, after)
  return withValueAt(document, path, after.length === 0 ? undefined : after)
}

// `remove name {"givenName": "A"}`: a part that is named goes if its value is equal, or if null is given for it.
function removeParts(
  document: JsonObject,
  path: AttributePath,
  leaf: Attribute,
  value: JsonValue,
  patching: Patching,
): JsonObject {
  const named = readValue(leaf, value, patching)
  const parts = new Map<Attribute, JsonValue>()
  for (const [name, sub] of leaf.subAttributes) {
    const part = isObject(named) ? own(named, sub.name) : undefined
    if (part !== undefined) parts.set(sub, part)
    else if (isNullFor(value, name)) parts.set(sub, null)
  }
  let after = document
  for (const [sub, part] of parts) {
    after = removeGiven(after, { ...path, text: sub.path, sub }, sub, part, patching)
  }
  return after
}

function isNullFor(value: JsonValue, lowerName: string): boolean {
  if (!isObject(value)) return false
  return Object.keys(value).some((name) => name.toLowerCase() === lowerName && value[name] === null)
}

// `remove urn:…:User {"department": "D"}`: the same for the attributes of an extension.
function removeFromExtension(
  document: JsonObject,
  extension: Schema,
  value: JsonValue,
  patching: Patching,
): JsonObject {
  if (!isObject(value)) throw scimError.invalidValue(`${extension.id} takes an object of attributes.`)
  let after = document
  let known = 0
  for (const name of Object.keys(value)) {
    const path = pathOfExtensionKey(patching.type, extension, name, patching.interop)
    const leaf = path?.sub ?? path?.attribute
    if (path === undefined || leaf === undefined) {
      ignoreUnknown(`${extension.id}:${name}`, value[name] as JsonValue, patching)
      continue
    }
    known++
    if (isReadOnlyPath(path)) patching.ignored.add(path.text)
    else after = removeGiven(after, path, leaf, value[name] as JsonValue, patching)
  }
  if (known === 0) throw scimError.invalidValue(`${extension.id}: the value names no attribute of this extension.`)
  return after
}

function removeGiven(
  document: JsonObject,
  path: AttributePath,
  leaf: Attribute,
  value: JsonValue,
  patching: Patching,
): JsonObject {
  if (valueAt(document, path) === undefined && !hasElements(path)) return document
  return value === null ? removeWhole(document, path, patching) : removeNamedAt(document, path, leaf, value, patching)
}

function removeMatching(
  document: JsonObject,
  path: AttributePath,
  attribute: Attribute,
  filter: Filter,
  value: JsonValue | undefined,
  patching: Patching,
): JsonObject {
  const before = elementsAt(document, path)
  patching.work(weightOf(before) * termsOf(filter))
  const matches = new Set(before.filter(elementMatcherOf(filter)))
  if (matches.size === 0) {
    // RFC 7644 §3.5.2.2: removing a user who is not a member makes no change and succeeds.
    if (attribute === patching.type.members || patching.interop.patchRemoveMissingIsNoop) return document
    throw scimError.noTarget(`${path.text}: no value matches the filter of the path.`)
  }
  const { sub } = path
  if (sub !== undefined) {
    if (sub.required) throw scimError.mutability(`${sub.path} is required.`)
    const after = before.map((element) => (matches.has(element) ? withPart(element, sub, undefined) : element))
    return withList(document, path, distinct(attribute, after))
  }
  if (value !== undefined) spareOthers(matches, attribute, path, value, patching)
  return withList(
    document,
    path,
    before.filter((element) => !matches.has(element)),
  )
}

// A value beside a filter narrows the matches. One that leaves none of them asks for two different things.
function spareOthers(
  matches: Set<JsonValue>,
  attribute: Attribute,
  path: AttributePath,
  value: JsonValue,
  patching: Patching,
): void {
  const named = readElements(attribute, value, patching)
  patching.work(weightOf([...matches]) * named.length)
  for (const element of without(attribute, [...matches], named)) matches.delete(element)
  if (matches.size > 0) return
  throw scimError.invalidValue(`${path.text}: the value equals none of the values that the filter selects.`)
}

// `remove emails.type "work"`: the part goes where its value is one of those given.
function removeFromNamed(
  document: JsonObject,
  path: AttributePath,
  attribute: Attribute,
  sub: Attribute,
  value: JsonValue,
  patching: Patching,
): JsonObject {
  const values = isArray(value) && !sub.multiValued ? value : [value]
  const named = new Set(values.map((one) => canonicalText(sub, readValue(sub, one, patching))))
  const isNamed = (part: JsonValue | undefined): boolean => part !== undefined && named.has(canonicalText(sub, part))
  return removeFromElements(document, path, attribute, sub, isNamed, patching)
}

function removeFromElements(
  document: JsonObject,
  path: AttributePath,
  attribute: Attribute,
  sub: Attribute,
  isRemoved: (part: JsonValue | undefined) => boolean,
  patching: Patching,
): JsonObject {
  const before = elementsAt(document, path)
  patching.work(weightOf(before))
  const isHit = (element: JsonValue): boolean => isObject(element) && isRemoved(own(element, sub.name))
  if (!before.some(isHit)) return document
  if (sub.required) throw scimError.mutability(`${sub.path} is required.`)
  const after = before.map((element) => (isHit(element) ? withPart(element, sub, undefined) : element))
  return withList(document, path, distinct(attribute, after))
}
