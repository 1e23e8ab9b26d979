/**
 * Converts the body of a POST or PUT to a document: every value read by its schema, readOnly input left out.
 * @see RFC 7644 §3.3, §3.5.1; RFC 7643 §3
 */
import { scimError } from '../errors.js'
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { atOnce, type Steps } from '../pacing/portions.js'
import type { AttributePath, ResourceType, Schema } from '../schema/attribute.js'
import { isComputed } from '../schema/computed.js'
import { valueAt, withValueAt } from './document.js'
import { isOwnSchema, pathOfExtensionKey, pathOfKey } from './read-key.js'
import { ignoreUnknown, type Reading, readValueInSteps } from './read-value.js'
import { checkSchemas } from './schemas.js'

/**
 * The document in a body, without `schemas`, `id` and `meta` (they are the server's). `members` and a `password` are in
 * it; the writer takes them out. Throws 400 invalidSyntax or invalidValue.
 */
export function readResource(type: ResourceType, body: JsonValue, reading: Reading): JsonObject {
  return atOnce(readResourceInSteps(type, body, reading))
}

/** {@link readResource} in steps. */
export function* readResourceInSteps(type: ResourceType, body: JsonValue, reading: Reading): Steps<JsonObject> {
  if (!isObject(body)) throw scimError.invalidSyntax('The body must be a JSON object.')
  checkBodySchemas(type, body, reading)
  return yield* readInto(type, emptyObject(), body, new Set(), reading)
}

function* readInto(
  type: ResourceType,
  start: JsonObject,
  body: JsonObject,
  seen: Set<string>,
  reading: Reading,
): Steps<JsonObject> {
  let document = start
  for (const key of Object.keys(body)) {
    const value = body[key] as JsonValue
    if (isOwnSchema(type, key)) {
      if (value === null) continue
      if (!isObject(value)) throw scimError.invalidValue(`${type.schema.id} takes an object.`)
      document = yield* readInto(type, document, value, seen, reading)
      continue
    }
    const path = pathOfKey(type, key, reading.interop)
    if (path === undefined) {
      ignoreUnknown(key, value, reading)
      continue
    }
    if (isServerMade(path)) continue
    if (seen.has(path.text)) throw scimError.invalidValue(`Duplicate attribute ${path.text}.`)
    seen.add(path.text)
    document = yield* readAt(type, document, path, value, reading)
  }
  return document
}

function* readAt(
  type: ResourceType,
  document: JsonObject,
  path: AttributePath,
  value: JsonValue,
  reading: Reading,
): Steps<JsonObject> {
  if (path.attribute === undefined)
    return path.extension ? yield* readExtension(type, document, path.extension, value, reading) : document
  const leaf = path.sub ?? path.attribute
  if (leaf.mutability === 'readOnly' || path.attribute.mutability === 'readOnly') {
    if (value !== null) reading.ignored.add(path.text)
    return document
  }
  if (path.sub !== undefined && isComputed(path.attribute, path.sub)) {
    if (value !== null) reading.ignored.add(path.text)
    return document
  }
  if (path.sub !== undefined && path.attribute.multiValued) {
    if (value === null) return document
    throw scimError.invalidValue(`${path.text} is a part of a list: send ${path.attribute.path} as a list of objects.`)
  }
  const read = yield* readValueInSteps(leaf, value, reading)
  const given = valueAt(document, path)
  if (read === undefined) return document
  return withValueAt(document, path, given === undefined ? read : merged(path, given, read))
}

// A dotted key beside the object it belongs to (`name` and `name.givenName`) adds to it.
function merged(path: AttributePath, given: JsonValue, value: JsonValue): JsonValue {
  const isAddition =
    isObject(given) && isObject(value) && !Object.keys(value).some((name) => Object.hasOwn(given, name))
  if (!isAddition) throw scimError.invalidValue(`Duplicate attribute ${path.text}.`)
  return Object.assign(emptyObject(), given, value)
}

function* readExtension(
  type: ResourceType,
  document: JsonObject,
  extension: Schema,
  value: JsonValue,
  reading: Reading,
): Steps<JsonObject> {
  if (value === null) return document
  if (!isObject(value)) throw scimError.invalidValue(`${extension.id} takes an object.`)
  let changed = document
  const seen = new Set<string>()
  for (const name of Object.keys(value)) {
    const path = pathOfExtensionKey(type, extension, name, reading.interop)
    const given = value[name] as JsonValue
    if (path === undefined) {
      ignoreUnknown(`${extension.id}:${name}`, given, reading)
      continue
    }
    if (seen.has(path.text)) throw scimError.invalidValue(`Duplicate attribute ${path.text}.`)
    seen.add(path.text)
    changed = yield* readAt(type, changed, path, given, reading)
  }
  return changed
}

/** True for attributes that a client never sets: `schemas` is computed, `id` and `meta` are the server's. */
export function isServerMade(path: AttributePath): boolean {
  const name = path.extension === undefined ? path.attribute?.name : undefined
  return name === 'schemas' || name === 'id' || name === 'meta'
}

// RFC 7643 §3: `schemas` lists the schemas of a body; it must name this endpoint's schema.
function checkBodySchemas(type: ResourceType, body: JsonObject, reading: Reading): void {
  const [key, another] = Object.keys(body).filter((name) => name.toLowerCase() === 'schemas')
  if (another !== undefined) throw scimError.invalidValue('Duplicate attribute schemas.')
  const own = type.schema.id.toLowerCase()
  const wanted = { urn: type.schema.id, isNamedBy: (urn: string) => urn === own, refuse: scimError.invalidValue }
  for (const urn of checkSchemas(key === undefined ? undefined : body[key], wanted, reading.interop)) {
    if (urn === own || type.extensionsByUrn.has(urn)) continue
    if (!reading.interop.unknownSchemas)
      throw scimError.invalidValue('schemas names a schema that this resource type does not have.')
    reading.ignored.add(urn)
  }
}
