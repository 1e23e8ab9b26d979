/**
 * Compiles schema definitions to lookups, once. An invalid definition is rejected here, at start, instead of on some
 * later request.
 * @see RFC 7643 §2, §6, §7
 */
import { consistsOf } from '../ascii.js'
import type { Attribute, ResourceType, Schema } from './attribute.js'
import { isAttributeName } from './attribute-name.js'
import { checkDefinition } from './check-definition.js'
import {
  type AttributeDefinition,
  type ResourceOperation,
  type ResourceTypeDefinition,
  resourceOperations,
  type SchemaDefinition,
} from './schema-definition.js'
import { commonAttributes } from './standard/common.js'
import { trimSchema } from './trim-schema.js'

/** A resource type, compiled. Throws a TypeError that names the invalid part of the definition. */
export function compileResourceType(given: ResourceTypeDefinition): ResourceType {
  checkDefinition(given)
  const definition = trimSchema(given)
  checkEndpoint(definition)
  const schema = compileSchema(definition.schema, '')
  const extensions = (definition.extensions ?? []).map((extension) => ({
    schema: compileSchema(extension.schema, `${extension.schema.id}:`),
    required: extension.required,
  }))
  const urns = [schema.id, ...extensions.map((extension) => extension.schema.id)].map((urn) => urn.toLowerCase())
  if (new Set(urns).size !== urns.length) throw new TypeError(`${definition.name}: duplicate schema`)
  const attributes = new Map<string, Attribute>()
  for (const [name, attribute] of Object.entries(commonAttributes)) {
    attributes.set(name.toLowerCase(), compileAttribute(name, attribute, schema.id, '', undefined))
  }
  for (const [key, attribute] of schema.attributes) {
    if (attributes.has(key))
      throw new TypeError(`attribute "${attribute.path}": every resource already has an attribute of that name`)
    attributes.set(key, attribute)
  }
  const members = definition.keepsMembers ? attributes.get('members') : undefined
  if (definition.keepsMembers && members === undefined) {
    throw new TypeError(`${definition.name}: keepsMembers needs an attribute "members"`)
  }
  if (members?.required) throw new TypeError(`${definition.name}: members kept as rows cannot be required`)
  return {
    name: definition.name,
    endpoint: definition.endpoint,
    description: definition.description ?? '',
    schema,
    extensions,
    attributes,
    extensionsByUrn: new Map(extensions.map((extension) => [extension.schema.id.toLowerCase(), extension.schema])),
    bareAttributes: bareNames(attributes, extensions),
    unique: uniqueAttributes(attributes, extensions),
    members,
    isTrimmed: definition !== given,
    operations: operationsOf(definition),
  }
}

function operationsOf({
  name,
  operations = resourceOperations,
}: ResourceTypeDefinition): ReadonlySet<ResourceOperation> {
  const known = resourceOperations.join(', ')
  if (!Array.isArray(operations)) throw new TypeError(`${name}: operations takes a list of ${known}`)
  const unknown = operations.find((one) => !resourceOperations.includes(one))
  if (unknown !== undefined) throw new TypeError(`${name}: unknown operation "${unknown}"; known are ${known}`)
  const offered = new Set(operations)
  if (offered.size !== operations.length) throw new TypeError(`${name}: duplicate entry in operations`)
  // Responses to writes show the resource, clients search for it before they create it, and meta.location leads to it.
  if (!offered.has('read')) throw new TypeError(`${name}: operations must have "read"; refuse it by authorize`)
  return offered
}

const reservedEndpoints = ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas', '/Me', '/Bulk', '/.search']

function checkEndpoint({ name, endpoint }: ResourceTypeDefinition): void {
  const segment = endpoint.slice(1)
  if (!endpoint.startsWith('/') || segment === '' || !consistsOf(segment, '-._~')) {
    throw new TypeError(`${name}: endpoint must be one plain path segment with its slash, like "/Users"`)
  }
  if (reservedEndpoints.includes(endpoint)) throw new TypeError(`${name}: ${endpoint} is an endpoint of SCIM itself`)
}

function compileSchema(definition: SchemaDefinition, prefix: string): Schema {
  if (!definition.id.toLowerCase().startsWith('urn:'))
    throw new TypeError(`schema "${definition.id}": its id must be a URN`)
  const attributes = new Map<string, Attribute>()
  for (const [name, attribute] of Object.entries(definition.attributes)) {
    if (attributes.has(name.toLowerCase())) throw new TypeError(`attribute "${name}": duplicate name (case is ignored)`)
    attributes.set(name.toLowerCase(), compileAttribute(name, attribute, definition.id, prefix, undefined))
  }
  return { id: definition.id, name: definition.name, description: definition.description ?? '', attributes }
}

function compileAttribute(
  name: string,
  definition: AttributeDefinition,
  schema: string,
  prefix: string,
  parent: Attribute | undefined,
): Attribute {
  const type = definition.type ?? 'string'
  const path = parent === undefined ? `${prefix}${name}` : `${parent.path}.${name}`
  if (!isAttributeName(name)) throw new TypeError(`attribute "${path}": not a name of RFC 7643 §2.1`)
  if ((type === 'complex') !== (definition.subAttributes !== undefined)) {
    throw new TypeError(`attribute "${path}": subAttributes are required with type "complex", and allowed only with it`)
  }
  if (parent !== undefined && type === 'complex') {
    throw new TypeError(`attribute "${path}": a sub-attribute may not be complex (RFC 7643, errata 8415)`)
  }
  const { mutability = 'readWrite', returned = mutability === 'writeOnly' ? 'never' : 'default' } = definition
  if (mutability === 'writeOnly' && returned !== 'never') {
    throw new TypeError(`attribute "${path}": a writeOnly attribute is never returned (RFC 7643 §2.2)`)
  }
  const subAttributes = new Map<string, Attribute>()
  const attribute: Attribute = {
    name,
    schema,
    path,
    type,
    multiValued: definition.multiValued ?? false,
    description: definition.description ?? '',
    required: definition.required ?? false,
    caseExact: definition.caseExact ?? false,
    mutability,
    returned,
    uniqueness: definition.uniqueness ?? 'none',
    canonicalValues: definition.canonicalValues ?? [],
    referenceTypes: definition.referenceTypes ?? [],
    subAttributes,
    parent,
  }
  for (const [subName, sub] of Object.entries(definition.subAttributes ?? {})) {
    if (subAttributes.has(subName.toLowerCase())) {
      throw new TypeError(`attribute "${path}.${subName}": duplicate name (case is ignored)`)
    }
    subAttributes.set(subName.toLowerCase(), compileAttribute(subName, sub, schema, prefix, attribute))
  }
  return attribute
}

function bareNames(
  core: ReadonlyMap<string, Attribute>,
  extensions: ResourceType['extensions'],
): ReadonlyMap<string, Attribute> {
  const found = new Map<string, Attribute>()
  const ambiguous = new Set<string>()
  for (const { schema } of extensions) {
    for (const [key, attribute] of schema.attributes) {
      if (core.has(key) || found.has(key)) ambiguous.add(key)
      else found.set(key, attribute)
    }
  }
  for (const key of ambiguous) found.delete(key)
  return found
}

function uniqueAttributes(
  core: ReadonlyMap<string, Attribute>,
  extensions: ResourceType['extensions'],
): readonly Attribute[] {
  const unique: Attribute[] = []
  const look = (attribute: Attribute): void => {
    if (attribute.uniqueness !== 'none' && attribute.name !== 'id') {
      if (attribute.multiValued || attribute.type === 'complex' || attribute.parent?.multiValued) {
        throw new TypeError(`attribute "${attribute.path}": only a single simple value can be unique`)
      }
      unique.push(attribute)
    }
    for (const sub of attribute.subAttributes.values()) look(sub)
  }
  for (const attribute of core.values()) look(attribute)
  for (const { schema } of extensions) for (const attribute of schema.attributes.values()) look(attribute)
  return unique
}
