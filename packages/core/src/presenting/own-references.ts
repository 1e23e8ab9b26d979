/**
 * The `$ref` of references in a host's own types. A client's `$ref` is left out: the id counts, and the URL depends on
 * the URL of the request.
 * @see RFC 7643 §2.3.7, §2.4 (`$ref`)
 */
import type { Engine } from '../engine/engine.js'
import { isArray, isObject, type JsonObject, type JsonValue, own, shallowCopy } from '../json/value.js'
import { withKey } from '../resource/document.js'
import type { ResourceRef } from '../resource/ref.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { refersToResource } from '../schema/computed.js'

const found = new WeakMap<ResourceType, readonly Attribute[]>()

/** Attributes that refer to resources, except those that are looked up with their names: members, groups, manager. */
export function ownReferences(type: ResourceType): readonly Attribute[] {
  const known = found.get(type)
  if (known !== undefined) return known
  const lookedUp = [type.members, type.attributes.get('groups'), type.bareAttributes.get('manager')]
  const all = [type, ...type.extensions.map(({ schema }) => schema)].flatMap(({ attributes }) => [
    ...attributes.values(),
  ])
  const references = all.filter((attribute) => refersToResource(attribute) && !lookedUp.includes(attribute))
  found.set(type, references)
  return references
}

/** The document with a `$ref` in each of them whose type is known and served here. */
export function withOwnReferences(
  engine: Engine,
  type: ResourceType,
  document: JsonObject,
  locationOf: (ref: ResourceRef) => string,
): JsonObject {
  let shown = document
  for (const attribute of ownReferences(type)) {
    const refer = (element: JsonValue): JsonValue => withReference(engine, attribute, element, locationOf)
    const extension = type.extensionsByUrn.get(attribute.schema.toLowerCase())
    const container = extension === undefined ? shown : own(shown, extension.id)
    const value = isObject(container) ? own(container, attribute.name) : undefined
    if (!isObject(container) || value === undefined) continue
    const changed = withKey(container, attribute.name, isArray(value) ? value.map(refer) : refer(value))
    shown = extension === undefined ? changed : withKey(shown, extension.id, changed)
  }
  return shown
}

function withReference(
  engine: Engine,
  attribute: Attribute,
  element: JsonValue,
  locationOf: (ref: ResourceRef) => string,
): JsonValue {
  const id = isObject(element) ? own(element, 'value') : undefined
  if (!isObject(element) || typeof id !== 'string') return element
  const served = (attribute.subAttributes.get('$ref')?.referenceTypes ?? []).filter((name) => engine.types.has(name))
  const [only, another] = served
  const named = own(element, 'type')
  const type = another === undefined ? only : served.find((name) => name === named)
  if (type === undefined) return element
  const shown = shallowCopy(element)
  shown.$ref = locationOf({ type, id })
  return shown
}
