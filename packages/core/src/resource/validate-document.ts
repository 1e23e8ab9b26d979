/**
 * The last validation of a document before it is stored, the same for POST, PUT and PATCH: required attributes have
 * values, at most one value is primary, immutable values remain, `schemas` lists the schemas with values, names are in
 * schema order.
 * @see RFC 7643 §2.2, §2.4, §3; RFC 7644 §3.5.1
 */
import { scimError } from '../errors.js'
import {
  emptyObject,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  jsonEqual,
  type MutableJsonObject,
  own,
} from '../json/value.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { isEmptyValue } from './document.js'

/** The document, ready to store. `before` is the currently stored one. Throws 400 invalidValue or mutability. */
export function validateDocument(
  type: ResourceType,
  id: string,
  document: JsonObject,
  before: JsonObject | undefined,
): JsonObject {
  const settled = emptyObject()
  settled.schemas = []
  settled.id = id
  copyAttributes(type.attributes.values(), document, before ?? emptyObject(), settled)
  const schemas = [type.schema.id]
  for (const { schema, required } of type.extensions) {
    const extension = settleExtension(
      schema.attributes.values(),
      own(document, schema.id),
      before && own(before, schema.id),
    )
    if (extension === undefined) {
      if (required) throw scimError.invalidValue(`${schema.id} is required.`)
      continue
    }
    settled[schema.id] = extension
    schemas.push(schema.id)
  }
  for (const urn of before === undefined ? [] : unknownExtensions(type, before)) {
    settled[urn] = before?.[urn] as JsonValue
    schemas.push(urn)
  }
  settled.schemas = schemas
  return settled
}

// A client cannot remove the data of an extension that another version of this server stored and this one does not
// know: the client cannot even see it.
function unknownExtensions(type: ResourceType, before: JsonObject): readonly string[] {
  return Object.keys(before).filter(
    (name) => name.toLowerCase().startsWith('urn:') && !type.extensionsByUrn.has(name.toLowerCase()),
  )
}

function settleExtension(
  attributes: Iterable<Attribute>,
  extension: JsonValue | undefined,
  before: JsonValue | undefined,
): JsonObject | undefined {
  if (!isObject(extension) && !isObject(before)) return undefined
  const settled = emptyObject()
  copyAttributes(
    attributes,
    isObject(extension) ? extension : emptyObject(),
    isObject(before) ? before : emptyObject(),
    settled,
    isObject(extension),
  )
  return Object.keys(settled).length === 0 ? undefined : settled
}

function copyAttributes(
  attributes: Iterable<Attribute>,
  document: JsonObject,
  before: JsonObject,
  settled: MutableJsonObject,
  mustBeComplete = true,
): void {
  for (const attribute of attributes) {
    const { name } = attribute
    if (name === 'schemas' || name === 'id' || name === 'meta') continue
    const value = standing(attribute, own(document, name), own(before, name))
    if (value === undefined || isEmptyValue(value)) {
      if (attribute.required && mustBeComplete) throw scimError.invalidValue(`${attribute.path} is required.`)
      continue
    }
    if (attribute.required && value === '') throw scimError.invalidValue(`${attribute.path} may not be empty.`)
    checkParts(attribute, value)
    checkPrimary(attribute, value)
    settled[name] = value
  }
}

// readOnly values are the server's and stay; immutable ones stay once they are set (RFC 7644 §3.5.1).
function standing(
  attribute: Attribute,
  value: JsonValue | undefined,
  before: JsonValue | undefined,
): JsonValue | undefined {
  if (attribute.mutability === 'readOnly') return before
  if (attribute.mutability === 'immutable' && before !== undefined) {
    if (value === undefined || jsonEqual(value, before)) return before
    throw scimError.mutability(`${attribute.path} is immutable and has a value already.`)
  }
  if (isObject(value) && isObject(before)) checkImmutableParts(attribute, value, before)
  return value
}

/** Throws 400 mutability if `value` has another value than `before` in an immutable part. */
export function checkImmutableParts(attribute: Attribute, value: JsonObject, before: JsonObject): void {
  for (const sub of attribute.subAttributes.values()) {
    if (sub.mutability !== 'immutable') continue
    const was = own(before, sub.name)
    if (was !== undefined && !jsonEqual(was, own(value, sub.name))) {
      throw scimError.mutability(`${sub.path} is immutable and has a value already.`)
    }
  }
}

function checkParts(attribute: Attribute, value: JsonValue): void {
  for (const sub of attribute.subAttributes.values()) {
    if (!sub.required) continue
    const elements = isArray(value) ? value : [value]
    if (!elements.every((element) => isObject(element) && own(element, sub.name) !== undefined)) {
      throw scimError.invalidValue(`${sub.path} is required.`)
    }
  }
}

// RFC 7643 §2.4: the primary value "true" MUST appear no more than once.
function checkPrimary(attribute: Attribute, value: JsonValue): void {
  if (!isArray(value) || !attribute.subAttributes.has('primary')) return
  let primaries = 0
  for (const element of value) if (isObject(element) && element.primary === true) primaries++
  if (primaries > 1) throw scimError.invalidValue(`${attribute.path}: only one value may be primary.`)
}
