/** The attributes that a client names in an object of attributes, whatever their values are. */
import type { InteropSwitches } from '../interop.js'
import { isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import type { Attribute, AttributePath, ResourceType, Schema } from '../schema/attribute.js'
import { isUnassigning } from './document.js'
import { isOwnSchema, pathOfExtensionKey, pathOfKey } from './read-key.js'

/** How names are read. */
export interface NameReading {
  readonly interop: InteropSwitches
  /** True for the value of a PATCH operation: null for an attribute removes all of its parts, so it names them. */
  readonly isChange: boolean
}

/**
 * The attributes and parts of attributes that a body names, also with null. The parts are looked up only of attributes
 * that the caller lacks a right on. Throws 400 for a spelling that is switched off.
 */
export function attributesNamed(type: ResourceType, body: JsonValue, reading: NameReading): ReadonlySet<Attribute> {
  const named = new Set<Attribute>()
  if (isObject(body)) collect(type, body, reading, named)
  return named
}

/** The same for the value of an extension. */
export function extensionAttributesNamed(
  type: ResourceType,
  extension: Schema,
  values: JsonValue,
  reading: NameReading,
): ReadonlySet<Attribute> {
  const named = new Set<Attribute>()
  collectExtension(type, extension, values, reading, named)
  return named
}

/** The parts that a value of an attribute names. */
export function partsNamed(attribute: Attribute, value: JsonValue): ReadonlySet<Attribute> {
  const named = new Set<Attribute>()
  for (const element of isArray(value) ? value : [value]) {
    // A simple value in place of an object is its `value`.
    const keys = isObject(element) ? Object.keys(element) : ['value']
    for (const key of keys) {
      const part = attribute.subAttributes.get(key.toLowerCase())
      if (part !== undefined) named.add(part)
    }
  }
  return named
}

function collect(type: ResourceType, body: JsonObject, reading: NameReading, named: Set<Attribute>): void {
  for (const key of Object.keys(body)) {
    const value = body[key] as JsonValue
    if (isOwnSchema(type, key)) {
      if (isObject(value)) collect(type, value, reading, named)
      continue
    }
    const path = pathOfKey(type, key, reading.interop)
    if (path?.attribute === undefined && path?.extension !== undefined) {
      collectExtension(type, path.extension, value, reading, named)
    }
    add(path, value, reading, named)
  }
}

function collectExtension(
  type: ResourceType,
  extension: Schema,
  values: JsonValue,
  reading: NameReading,
  named: Set<Attribute>,
): void {
  if (isObject(values)) {
    for (const key of Object.keys(values)) {
      add(pathOfExtensionKey(type, extension, key, reading.interop), values[key] as JsonValue, reading, named)
    }
  } else if (reading.isChange) {
    for (const attribute of extension.attributes.values()) named.add(attribute)
  }
}

function add(
  path: AttributePath | undefined,
  value: JsonValue,
  { isChange }: NameReading,
  named: Set<Attribute>,
): void {
  if (path?.attribute === undefined) return
  const { attribute, sub } = path
  named.add(sub ?? attribute)
  if (sub !== undefined || (attribute.unreadable ?? attribute.unwritable) === undefined) return
  const assignsNothing = isUnassigning(value) || value === ''
  if (assignsNothing && !isChange) return
  for (const part of assignsNothing ? attribute.subAttributes.values() : partsNamed(attribute, value)) named.add(part)
}
