/**
 * A resource type as one caller may use it: a copy whose attributes say what the caller may not read or not change. So
 * every function that is given the type has the rights of the caller with it.
 * @see docs/adr/0065-rights-on-attributes.md
 */
import type { Attribute, Extent, ResourceType, Schema } from './attribute.js'
import { refersToResource } from './computed.js'

/** A right that a caller may lack. */
export type MissingRight = 'unreadable' | 'unwritable'

/**
 * The type without a right on the attributes, and parts of attributes, that `isDenied` names; the same type if these are
 * none. What the type lacks already, it lacks still. `id`, `schemas` and `meta` are never denied.
 */
export function restrictType(
  type: ResourceType,
  right: MissingRight,
  isDenied: (attribute: Attribute) => boolean,
): ResourceType {
  const restricted = (attribute: Attribute): Attribute => restrictAttribute(attribute, right, isDenied)
  const extensions = type.extensions.map(({ schema, required }) => ({
    schema: withAttributes(schema, restricted),
    required,
  }))
  const own = mapped(type.attributes, (attribute) => (isOfServer(attribute) ? attribute : restricted(attribute)))
  const isSame =
    [...own].every(([key, attribute]) => attribute === type.attributes.get(key)) &&
    extensions.every(({ schema }, i) => schema === type.extensions[i]?.schema)
  if (isSame) return type
  const attributes = right === 'unreadable' ? withGuardedNames(own, extensions) : own
  const extensionsByUrn = new Map(extensions.map(({ schema }) => [schema.id.toLowerCase(), schema]))
  const now = (attribute: Attribute): Attribute => currentOf(attribute, attributes, extensionsByUrn)
  return {
    ...type,
    attributes,
    extensions,
    extensionsByUrn,
    schema: { ...type.schema, attributes: mapped(type.schema.attributes, now) },
    bareAttributes: mapped(type.bareAttributes, now),
    unique: type.unique.map(now),
    members: type.members && now(type.members),
    [right]: 'part',
  }
}

/** True for an attribute of the resource itself, whose rules no right of a caller changes. */
export function isOfServer({ name, path, parent }: Attribute): boolean {
  return parent === undefined && path === name && (name === 'id' || name === 'schemas' || name === 'meta')
}

function restrictAttribute(
  attribute: Attribute,
  right: MissingRight,
  isDenied: (attribute: Attribute) => boolean,
): Attribute {
  if (attribute[right] === 'whole') return attribute
  const parts = [...attribute.subAttributes.values()]
  // A `$ref` contains the id that is in `value`.
  const value = right === 'unreadable' && refersToResource(attribute) ? attribute.subAttributes.get('value') : undefined
  const isLocating = (part: Attribute): boolean => part.name === '$ref' && value !== undefined && isDenied(value)
  const denies = (part: Attribute): boolean => isDenied(part) || isLocating(part)
  const lacks = (part: Attribute): boolean => part[right] === 'whole' || denies(part)
  const isWhole = isDenied(attribute) || (parts.length > 0 && parts.every(lacks))
  if (!isWhole && !parts.some((part) => part[right] === undefined && denies(part))) return attribute
  const subAttributes = new Map<string, Attribute>()
  const copy = { ...without(attribute, right, isWhole ? 'whole' : 'part'), subAttributes }
  for (const [key, part] of attribute.subAttributes) {
    subAttributes.set(key, { ...(isWhole || lacks(part) ? without(part, right, 'whole') : part), parent: copy })
  }
  return copy
}

// What may not be read is like an attribute that no response ever shows: projections and filters know those.
function without(attribute: Attribute, right: MissingRight, extent: Extent): Attribute {
  const isNever = right === 'unreadable' && extent === 'whole'
  return { ...attribute, [right]: extent, ...(isNever && { returned: 'never' }) }
}

// A filter on `meta.version` would reveal the digest in it, which is of the whole document; one on `schemas` whether an
// extension has values.
function withGuardedNames(
  attributes: ReadonlyMap<string, Attribute>,
  extensions: ResourceType['extensions'],
): ReadonlyMap<string, Attribute> {
  const guarded = new Map(attributes)
  const meta = attributes.get('meta')
  if (meta !== undefined) {
    const subAttributes = new Map(meta.subAttributes)
    const copy = { ...meta, subAttributes }
    for (const [key, part] of meta.subAttributes) {
      subAttributes.set(key, { ...(key === 'version' ? without(part, 'unreadable', 'part') : part), parent: copy })
    }
    guarded.set('meta', copy)
  }
  const schemas = attributes.get('schemas')
  if (schemas !== undefined && extensions.some(({ schema }) => hasUnreadable(schema))) {
    guarded.set('schemas', without(schemas, 'unreadable', 'part'))
  }
  return guarded
}

/** True if the caller may not read some attribute of the schema, or a part of one. */
export function hasUnreadable({ attributes }: Schema): boolean {
  for (const { unreadable } of attributes.values()) if (unreadable !== undefined) return true
  return false
}

function withAttributes(schema: Schema, change: (attribute: Attribute) => Attribute): Schema {
  const attributes = mapped(schema.attributes, change)
  const isSame = [...attributes].every(([key, attribute]) => attribute === schema.attributes.get(key))
  return isSame ? schema : { ...schema, attributes }
}

function mapped(
  attributes: ReadonlyMap<string, Attribute>,
  change: (attribute: Attribute) => Attribute,
): ReadonlyMap<string, Attribute> {
  return new Map([...attributes].map(([key, attribute]) => [key, change(attribute)]))
}

// The attribute of the restricted type in place of that of the type.
function currentOf(
  attribute: Attribute,
  attributes: ReadonlyMap<string, Attribute>,
  extensionsByUrn: ReadonlyMap<string, Schema>,
): Attribute {
  const top = attribute.parent ?? attribute
  const container = extensionsByUrn.get(top.schema.toLowerCase())?.attributes ?? attributes
  const found = container.get(top.name.toLowerCase())
  const current = attribute.parent === undefined ? found : found?.subAttributes.get(attribute.name.toLowerCase())
  return current ?? attribute
}
