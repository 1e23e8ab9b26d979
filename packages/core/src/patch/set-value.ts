/**
 * add and replace at a single value: an attribute, a part of one, a list inside a complex value.
 * @see RFC 7644 §3.5.2.1, §3.5.2.3: a complex value is merged; parts that it does not name stay
 */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { isArray, isObject, type JsonObject, type JsonValue, own } from '../json/value.js'
import { isEmptyValue, isUnassigning, valueAt, withKey, withValueAt } from '../resource/document.js'
import { readElements, readValue } from '../resource/read-value.js'
import type { Attribute, AttributePath } from '../schema/attribute.js'
import { refersToResource } from '../schema/computed.js'
import { appended } from './elements/append.js'
import { mergedElement, refersNowhere, withoutNulls } from './elements/parts.js'
import type { AddOrReplace } from './operation.js'
import type { Patching } from './patching.js'
import { removeAt } from './remove-at.js'

/** The document after the operation. Throws 400 invalidValue or mutability. */
export function setValue(
  document: JsonObject,
  { op, value }: AddOrReplace,
  path: AttributePath,
  leaf: Attribute,
  patching: Patching,
): JsonObject {
  const sent = leaf.multiValued ? value : onlyOf(value, patching.interop)
  if (isClearing(path, leaf, sent, patching.interop)) return removeAt(patching.type, document, path)
  if (leaf.type === 'complex') return mergeInto(document, op, path, leaf, sent, patching)
  if (leaf.multiValued && op === 'add') {
    const before = valueAt(document, path)
    const after = appended(leaf, isArray(before) ? before : [], readElements(leaf, sent, patching))
    return after.length === 0 ? document : withValueAt(document, path, after)
  }
  return withValueAt(document, path, readValue(leaf, sent, patching))
}

// Entra sends a list of one for a single value: `manager [{…}]`.
function onlyOf(value: JsonValue, { wrapScalars }: InteropSwitches): JsonValue {
  const [only] = isArray(value) ? value : []
  return wrapScalars &&
    isArray(value) &&
    value.length === 1 &&
    only !== undefined &&
    !isArray(only) &&
    typeof only !== 'number'
    ? only
    : value
}

// null and [] unassign (RFC 7643 §2.5). Entra clears a manager with "" as well, in `manager` and in `manager.value`
// (IDP-9).
function isClearing(path: AttributePath, leaf: Attribute, sent: JsonValue, interop: InteropSwitches): boolean {
  if (isUnassigning(sent)) return true
  if (sent === '') return (leaf.type === 'complex' && interop.wrapScalars) || isIdOfReference(path)
  if (!isObject(sent) || !refersToResource(leaf)) return false
  const id = Object.keys(sent).find((name) => name.toLowerCase() === 'value')
  return id !== undefined && (sent[id] === null || sent[id] === '')
}

function isIdOfReference({ attribute, sub }: AttributePath): boolean {
  return attribute !== undefined && sub?.name === 'value' && refersToResource(attribute)
}

function mergeInto(
  document: JsonObject,
  op: AddOrReplace['op'],
  path: AttributePath,
  leaf: Attribute,
  sent: JsonValue,
  patching: Patching,
): JsonObject {
  const before = valueAt(document, path)
  const given = readValue(leaf, sent, patching)
  const added = op === 'add' && isObject(given) && isObject(before) ? withLists(leaf, before, given) : given
  const merged = added !== undefined && isObject(before) ? mergedElement(before, added) : (added ?? before)
  if (!isObject(merged)) return document
  const value = withoutNulls(leaf, merged, sent)
  if (isEmptyValue(value) || !isObject(value)) return withValueAt(document, path, undefined)
  if (!refersNowhere(leaf, value)) return withValueAt(document, path, value)
  // Its id was removed, so the reference is removed too; without an id the other parts have no meaning.
  if (before === undefined) throw scimError.invalidValue(`${leaf.path}.value is required.`)
  return withValueAt(document, path, undefined)
}

// RFC 7644 §3.5.2.1: add appends to a list, also to one inside a complex value.
function withLists(leaf: Attribute, before: JsonObject, given: JsonObject): JsonObject {
  let lists = given
  for (const sub of leaf.subAttributes.values()) {
    const [present, added] = [own(before, sub.name), own(given, sub.name)]
    if (sub.multiValued && isArray(present) && isArray(added)) {
      lists = withKey(lists, sub.name, appended(sub, present, added))
    }
  }
  return lists
}
