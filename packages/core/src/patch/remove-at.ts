/** Removes one attribute, a part of one or an extension from a document. @see RFC 7644 §3.5.2.2 */
import { scimError } from '../errors.js'
import { isObject, type JsonObject, type JsonValue, own } from '../json/value.js'
import { valueAt, withKey, withValueAt } from '../resource/document.js'
import type { Attribute, AttributePath, ResourceType } from '../schema/attribute.js'
import { refersNowhere } from './elements/parts.js'
import { wholeAttribute } from './list-at.js'

/** The document without the value at the path. Throws 400 mutability for a required or immutable attribute. */
export function removeAt(type: ResourceType, document: JsonObject, path: AttributePath): JsonObject {
  const leaf = path.sub ?? path.attribute
  if (leaf === undefined) return removeExtension(type, document, path)
  checkRemovable(leaf, valueAt(document, path))
  // A secret is not in the document, so its removal must be in it: null, which the writer takes out again.
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
