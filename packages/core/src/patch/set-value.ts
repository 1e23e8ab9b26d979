/**
 * add and replace at a single value: an attribute, a part of one, a list inside a complex value.
 * @see RFC 7644 §3.5.2.1, §3.5.2.3: a complex value adds to what is there; what it does not name stays
 */
import type { InteropSwitches } from '../interop.js'
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js'
import { isEmptyValue, valueAt, withKey, withValueAt } from '../resource/document.js'
import { readElements, readValue } from '../resource/read-value.js'
import type { Attribute, AttributePath } from '../schema/attribute.js'
import { refersToResource } from '../schema/computed.js'
import { appended, mergedElement, refersNowhere } from './elements.js'
import { notCleared } from './list-at.js'
import type { AddOrReplace } from './operation.js'
import type { Patching } from './patching.js'
import { removeAt } from './remove-at.js'

/** The document after the operation. Throws 400 invalidValue or mutability. */
export function setValue(
  document: JsonObject,
  { op, value: sent }: AddOrReplace,
  path: AttributePath,
  leaf: Attribute,
  patching: Patching,
): JsonObject {
  if (isClearing(path, leaf, sent, patching.interop)) return removeAt(patching.type, document, path)
  if (leaf.multiValued && sent === '') throw notCleared(leaf)
  if (leaf.type === 'complex') return mergeInto(document, path, leaf, sent, patching)
  if (leaf.multiValued && op === 'add') {
    const before = valueAt(document, path)
    const after = appended(leaf, isArray(before) ? before : [], readElements(leaf, sent, patching))
    return after.length === 0 ? document : withValueAt(document, path, after)
  }
  return withValueAt(document, path, readValue(leaf, sent, patching))
}

// null and [] unassign (RFC 7643 §2.5). Entra clears a manager with "" as well, in `manager` and in `manager.value`
// (idp-quirks row 9).
function isClearing(path: AttributePath, leaf: Attribute, sent: JsonValue, interop: InteropSwitches): boolean {
  if (sent === null || (isArray(sent) && sent.length === 0)) return true
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
  path: AttributePath,
  leaf: Attribute,
  sent: JsonValue,
  patching: Patching,
): JsonObject {
  const before = valueAt(document, path)
  const given = readValue(leaf, sent, patching)
  const merged = given !== undefined && isObject(before) ? mergedElement(before, given) : (given ?? before)
  if (!isObject(merged)) return document
  const value = withoutNulls(leaf, merged, sent)
  return withValueAt(document, path, isEmptyValue(value) || refersNowhere(leaf, value) ? undefined : value)
}

// `{"name": {"givenName": null}}` takes the one part away and leaves the others.
function withoutNulls(leaf: Attribute, value: JsonObject, sent: JsonValue): JsonObject {
  if (!isObject(sent)) return value
  let cleared = value
  for (const name of Object.keys(sent)) {
    const sub = sent[name] === null ? leaf.subAttributes.get(name.toLowerCase()) : undefined
    if (sub !== undefined) cleared = withKey(cleared, sub.name, undefined)
  }
  return cleared
}
