/**
 * The remove operation. A filter or a missing value removes everything at the path; a value beside the path, which
 * Entra, JumpCloud and authentik send, names the elements to remove: it narrows, it never widens.
 * @see RFC 7644 §3.5.2.2
 */
import { scimError } from '../errors.js'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { atOnce, type Steps } from '../pacing/portions.js'
import { isEmptyValue, valueAt, withValueAt } from '../resource/document.js'
import { isSame } from '../resource/equality.js'
import { pathOfExtensionKey } from '../resource/read-key.js'
import { readElementsInSteps, readValue } from '../resource/read-value.js'
import type { Attribute, AttributePath, Schema } from '../schema/attribute.js'
import { isComputed, refersToResource } from '../schema/computed.js'
import { costOf } from './cost.js'
import { withoutInSteps } from './elements/without.js'
import { elementsAt, withList, withListInSteps } from './list-at.js'
import type { PatchPath, Remove } from './operation.js'
import { shownName } from './parse/shown-name.js'
import type { Patching } from './patching.js'
import { isReadOnlyPath } from './read-only.js'
import { removeAt } from './remove-at.js'
import { removeMatching } from './remove-matching.js'
import { namedPartRemoved, namesNothing, type PartChange, partRemoved } from './remove-part.js'

/**
 * The document after a remove. Throws 400 mutability for a value that must stay, 400 noTarget for a filter without
 * match, and 400 invalidValue for a value that names nothing the schema defines or, beside a filter, none of the
 * matches.
 */
export function* applyRemove(
  document: JsonObject,
  { value }: Remove,
  { path, filter }: Extract<PatchPath, { readonly known: true }>,
  patching: Patching,
): Steps<JsonObject> {
  const { attribute } = path
  if (attribute !== undefined && filter !== undefined) {
    return removeMatching(document, path, attribute, filter, value, patching)
  }
  if (attribute === undefined && path.extension !== undefined && value !== undefined) {
    return removeFromExtension(document, path.extension, value, patching)
  }
  const leaf = path.sub ?? attribute
  // A single value is removed whatever old value the client sends with it; a list or an object loses the named parts.
  const isNarrowed = value !== undefined && leaf !== undefined && (hasElements(path) || leaf.type === 'complex')
  return isNarrowed ? yield* removeNamed(document, path, leaf, value, patching) : removeWhole(document, path, patching)
}

function hasElements({ attribute, sub }: AttributePath): boolean {
  return attribute?.multiValued === true || sub?.multiValued === true
}

function removeWhole(document: JsonObject, path: AttributePath, patching: Patching): JsonObject {
  const { attribute, sub } = path
  if (attribute?.multiValued && sub !== undefined) return changeElements(document, path, partRemoved(sub), patching)
  return removeAt(patching.type, document, path)
}

// The selection of a value at a path: elements of a list, parts of an object, or one value if it is equal.
function* removeNamed(
  document: JsonObject,
  path: AttributePath,
  leaf: Attribute,
  value: JsonValue,
  patching: Patching,
): Steps<JsonObject> {
  const { attribute, sub } = path
  if (attribute?.multiValued && sub !== undefined) {
    return changeElements(document, path, namedPartRemoved(sub, value, patching), patching)
  }
  if (leaf.multiValued) return yield* removeElements(document, path, leaf, value, patching)
  if (leaf.type === 'complex') return removeParts(document, path, leaf, value, patching)
  const isEqual = isSame(leaf, valueAt(document, path), readValue(leaf, value, patching))
  return isEqual ? removeAt(patching.type, document, path) : document
}

function changeElements(document: JsonObject, path: AttributePath, change: PartChange, patching: Patching): JsonObject {
  const before = elementsAt(document, path)
  patching.work(costOf(before))
  const after = before.map(change)
  return after.every((element, place) => element === before[place]) ? document : withList(document, path, after)
}

// `remove members` with a list names those to remove; a server that ignores the list empties the group.
function* removeElements(
  document: JsonObject,
  path: AttributePath,
  leaf: Attribute,
  value: JsonValue,
  patching: Patching,
): Steps<JsonObject> {
  const found = valueAt(document, path)
  const before = isArray(found) ? found : []
  const named = yield* readElementsInSteps(leaf, value, patching)
  // `[]` names none of the values, and none is removed.
  if (named.length === 0 && !(isArray(value) && value.length === 0)) throw namesNothing(leaf)
  patching.work(refersToResource(leaf) ? costOf(before) : costOf(before) * named.length)
  const after = yield* withoutInSteps(leaf, before, named)
  if (path.sub === undefined) return yield* withListInSteps(document, path, after)
  return withValueAt(document, path, after.length === 0 ? undefined : after)
}

// `remove name {"givenName": "A"}`: a named part is removed if its value is equal, or if the client sends an empty one
// for it.
function removeParts(
  document: JsonObject,
  path: AttributePath,
  leaf: Attribute,
  value: JsonValue,
  patching: Patching,
): JsonObject {
  const named = namedParts(leaf, value, patching)
  let after = document
  let known = 0
  for (const name of Object.keys(named)) {
    const sub = leaf.subAttributes.get(name.toLowerCase())
    if (sub === undefined) {
      // A reference is identified by its id, whatever its other parts.
      if (!refersToResource(leaf)) throw unknownName(`${leaf.path}.${name}`)
    } else if (!isComputed(leaf, sub)) {
      known++
      after = removeGiven(after, { ...path, text: sub.path, sub }, sub, named[name] as JsonValue, patching)
    }
  }
  if (known === 0) throw namesNothing(leaf)
  return after
}

// An object names parts; plain text names the `value`, as it does in `add`.
function namedParts(leaf: Attribute, value: JsonValue, patching: Patching): JsonObject {
  const [only] = isArray(value) ? value : [value]
  if (isObject(only) && (!isArray(value) || value.length === 1)) return only
  const read = readValue(leaf, value, patching)
  return isObject(read) ? read : emptyObject()
}

// `remove urn:…:User {"department": "D"}`: the same for the attributes of an extension.
function removeFromExtension(
  document: JsonObject,
  extension: Schema,
  value: JsonValue,
  patching: Patching,
): JsonObject {
  if (!isObject(value)) throw scimError.invalidValue(`${extension.id} must be an object of attributes.`)
  let after = document
  for (const name of Object.keys(value)) {
    const path = pathOfExtensionKey(patching.type, extension, name, patching.interop)
    const leaf = path?.sub ?? path?.attribute
    if (path === undefined || leaf === undefined) throw unknownName(`${extension.id}:${name}`)
    if (isReadOnlyPath(path)) patching.ignored.add(path.text)
    else after = removeGiven(after, path, leaf, value[name] as JsonValue, patching)
  }
  return after
}

// Every named attribute is to be removed: a misspelled name would keep a value that the client believes to be removed.
function unknownName(name: string): Error {
  return scimError.invalidValue(`${shownName(name)} is not defined by any schema of this resource type.`)
}

function removeGiven(
  document: JsonObject,
  path: AttributePath,
  leaf: Attribute,
  value: JsonValue,
  patching: Patching,
): JsonObject {
  if (valueAt(document, path) === undefined && !hasElements(path)) return document
  const selectsNothing = value === '' || isEmptyValue(value)
  return selectsNothing
    ? removeWhole(document, path, patching)
    : atOnce(removeNamed(document, path, leaf, value, patching))
}
