/** Reads and writes one place of a document by its path; the given document is never changed, a new one is returned. */
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue, own, shallowCopy } from '../json/value.js'
import type { Attribute, AttributePath } from '../schema/attribute.js'

/** The value at a path; undefined if there is none. A sub-attribute of a list has no single value: undefined. */
export function valueAt(document: JsonObject, path: AttributePath): JsonValue | undefined {
  const container = path.extension === undefined ? document : own(document, path.extension.id)
  if (path.attribute === undefined) return container
  const value = isObject(container) ? own(container, path.attribute.name) : undefined
  if (path.sub === undefined) return value
  return isObject(value) ? own(value, path.sub.name) : undefined
}

/** The document with another value at the path; undefined removes the value. Empty containers are removed too. */
export function withValueAt(document: JsonObject, path: AttributePath, value: JsonValue | undefined): JsonObject {
  if (path.extension === undefined) return withAttribute(document, path.attribute, path.sub, value)
  if (path.attribute === undefined) return withKey(document, path.extension.id, value)
  const extension = own(document, path.extension.id)
  const changed = withAttribute(isObject(extension) ? extension : emptyObject(), path.attribute, path.sub, value)
  return withKey(document, path.extension.id, isEmptyValue(changed) ? undefined : changed)
}

function withAttribute(
  container: JsonObject,
  attribute: Attribute | undefined,
  sub: Attribute | undefined,
  value: JsonValue | undefined,
): JsonObject {
  if (attribute === undefined) return container
  if (sub === undefined) return withKey(container, attribute.name, value)
  const complex = own(container, attribute.name)
  const changed = withKey(isObject(complex) ? complex : emptyObject(), sub.name, value)
  return withKey(container, attribute.name, isEmptyValue(changed) ? undefined : changed)
}

/** The object with one key set, or removed by undefined; the same object if nothing changes. */
export function withKey(source: JsonObject, name: string, value: JsonValue | undefined): JsonObject {
  if (own(source, name) === value) return source
  const copy = shallowCopy(source)
  if (value === undefined) delete copy[name]
  else copy[name] = value
  return copy
}

/** True for a value that a client unassigns an attribute with: null, `[]`, a list of nulls. @see RFC 7643 §2.5 */
export function isUnassigning(value: JsonValue): boolean {
  return value === null || (isArray(value) && value.every((element) => element === null))
}

/** True for a value that counts as unassigned when stored: undefined, `[]`, `{}`. @see RFC 7643 §2.5 */
export function isEmptyValue(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true
  if (isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}
