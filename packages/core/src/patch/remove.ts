/** The remove operation. @see RFC 7644 §3.5.2.2 */
import { scimError } from '../errors.js'
import type { Filter } from '../filter/ast.js'
import { elementMatcherOf } from '../filter/evaluate.js'
import { isArray, isObject, type JsonObject, type JsonValue, own } from '../json.js'
import { valueAt, withKey, withValueAt } from '../resource/document.js'
import { readElements, refersToResource } from '../resource/read-value.js'
import type { Attribute, AttributePath, ResourceType } from '../schema/attribute.js'
import { refersNowhere, without, withPart } from './elements.js'
import { elementsAt, wholeAttribute, withList } from './list-at.js'
import type { PatchPath, Remove } from './operation.js'
import type { Patching } from './patching.js'
import { termsOf, weightOf } from './weight.js'

/** The document after a remove. Throws 400 mutability for what must stay, 400 noTarget for a filter without match. */
export function applyRemove(
  document: JsonObject,
  { value }: Remove,
  { path, filter }: Extract<PatchPath, { readonly known: true }>,
  patching: Patching,
): JsonObject {
  const { attribute, sub } = path
  if (attribute === undefined) return removeAt(patching.type, document, path)
  if (filter !== undefined) return removeMatching(document, path, attribute, filter, value, patching)
  if (sub !== undefined && attribute.multiValued) return removeFromEvery(document, path, sub, patching)
  const leaf = sub ?? attribute
  if (leaf.multiValued && value !== undefined) return removeNamed(document, path, leaf, value, patching)
  return removeAt(patching.type, document, path)
}

// `remove members` with a list names those to remove; a server that ignores it empties the group (idp-quirks row 13).
function removeNamed(
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
    return withList(document, path, after)
  }
  // A value beside a filter narrows it; it never widens what goes.
  const spared = value === undefined ? [] : without(attribute, [...matches], readElements(attribute, value, patching))
  for (const element of spared) matches.delete(element)
  return withList(
    document,
    path,
    before.filter((element) => !matches.has(element)),
  )
}

function removeFromEvery(document: JsonObject, path: AttributePath, sub: Attribute, patching: Patching): JsonObject {
  const before = elementsAt(document, path)
  patching.work(weightOf(before))
  if (sub.required) throw scimError.mutability(`${sub.path} is required.`)
  return withList(
    document,
    path,
    before.map((element) => withPart(element, sub, undefined)),
  )
}

/** The document without what is at the path. Throws 400 mutability for what is required or immutable. */
export function removeAt(type: ResourceType, document: JsonObject, path: AttributePath): JsonObject {
  const leaf = path.sub ?? path.attribute
  if (leaf === undefined) return removeExtension(type, document, path)
  checkRemovable(leaf, valueAt(document, path))
  // A secret is not in the document, so its removal must be: null, which the writer takes out again.
  if (leaf.mutability === 'writeOnly') return withValueAt(document, path, null)
  const removed = withValueAt(document, path, undefined)
  const whole = wholeAttribute(path)
  const rest = valueAt(removed, whole)
  const isDangling = path.attribute !== undefined && isObject(rest) && refersNowhere(path.attribute, rest)
  return isDangling ? withValueAt(removed, whole, undefined) : removed
}

function removeExtension(type: ResourceType, document: JsonObject, { extension }: AttributePath): JsonObject {
  if (extension === undefined) return document
  const isRequired = type.extensions.some(({ schema, required }) => required && schema === extension)
  if (isRequired) throw scimError.mutability(`${extension.id} is required.`)
  return withKey(document, extension.id, undefined)
}

function checkRemovable(leaf: Attribute, value: JsonValue | undefined): void {
  if (value === undefined) return
  if (leaf.required) throw scimError.mutability(`${leaf.path} is required.`)
  if (leaf.mutability === 'immutable') throw scimError.mutability(`${leaf.path} is immutable.`)
  if (!isObject(value)) return
  for (const sub of leaf.subAttributes.values()) {
    if (sub.mutability === 'immutable') checkRemovable(sub, own(value, sub.name))
  }
}
