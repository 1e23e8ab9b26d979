/**
 * The discovery documents: exactly the supported features, derived from the compiled types and the options.
 * @see RFC 7643 §5, §6, §7; RFC 7644 §4; errata 5607/7522 (lists), 8417 (schemas have `schemas` and `meta`)
 */
import type { JsonObject, JsonValue } from '../json/value.js'
import type { Ports } from '../ports.js'
import type { Attribute, ResourceType, Schema } from '../schema/attribute.js'
import { type ResourceOperation, resourceOperations } from '../schema/schema-definition.js'
import { contentVersion, type RawVersion } from '../versioning/version.js'
import { type ConfigSource, type ConfigSwitches, serviceProviderConfig } from './service-provider-config.js'

/** The documents, without `meta`. */
export interface DiscoveryDocuments {
  /** The document for a caller with these switches: the same object each time, so that its version is computed once. */
  serviceProviderConfigFor(switches: ConfigSwitches): JsonObject
  /** By name, in the order of registration. */
  readonly resourceTypes: ReadonlyMap<string, JsonObject>
  /** By lower-case URN, in the order of registration. */
  readonly schemas: ReadonlyMap<string, JsonObject>
  /** The version of a document, or of a list of them; computed once. They are the same under every base URL. */
  versionOf(document: JsonObject | ReadonlyMap<string, JsonObject>): Promise<RawVersion>
}

/** The inputs of the documents. */
export interface DiscoverySource extends Omit<ConfigSource, 'offered'> {
  readonly types: TypeDocuments
}

/** The documents of resource types, which do not depend on the limits, and the operations that the types offer. */
export interface TypeDocuments extends Omit<DiscoveryDocuments, 'serviceProviderConfigFor'> {
  readonly offered: ReadonlySet<ResourceOperation>
}

/** Creates the documents of resource types, once. */
export function typeDocuments(compiled: Iterable<ResourceType>, digest: Ports['digest']): TypeDocuments {
  const types = [...compiled]
  const schemas = new Map<string, JsonObject>()
  for (const type of types) {
    schemas.set(type.schema.id.toLowerCase(), schemaDocument(type.schema))
    for (const { schema } of type.extensions) schemas.set(schema.id.toLowerCase(), schemaDocument(schema))
  }
  const versions = new WeakMap<object, RawVersion>()
  return {
    offered: offeredBy(types),
    resourceTypes: new Map(types.map((type) => [type.name, resourceTypeDocument(type)])),
    schemas,
    async versionOf(document) {
      const known = versions.get(document)
      if (known !== undefined) return known
      const content = isDocument(document) ? document : { documents: [...document.values()] }
      // The version is kept, not its promise: a promise of a request that Workers has ended may never settle.
      const version = await contentVersion(content, digest)
      versions.set(document, version)
      return version
    },
  }
}

/** Creates all documents. */
export function discoveryDocuments({ types, ...source }: DiscoverySource): DiscoveryDocuments {
  const config = { ...source, offered: types.offered }
  const configs = {
    full: serviceProviderConfig(config, { announcePagination: true }),
    withoutPagination: serviceProviderConfig(config, { announcePagination: false }),
  }
  const { resourceTypes, schemas, versionOf } = types
  return {
    serviceProviderConfigFor: ({ announcePagination }) =>
      announcePagination ? configs.full : configs.withoutPagination,
    resourceTypes,
    schemas,
    versionOf,
  }
}

function isDocument(source: JsonObject | ReadonlyMap<string, JsonObject>): source is JsonObject {
  return !(source instanceof Map)
}

function resourceTypeDocument(type: ResourceType): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: type.name,
    name: type.name,
    endpoint: type.endpoint,
    description: describedWithOperations(type),
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ schema, required }) => ({ schema: schema.id, required })),
  }
}

// RFC 7643 §6 has no attribute for it, and clients with strict models refuse unknown ones: the description names the
// operations, and so does the `Allow` of a 405.
function describedWithOperations({ description, operations }: ResourceType): string {
  if (operations.size === resourceOperations.length) return description
  const offered = resourceOperations.filter((one) => operations.has(one))
  const sentence = `Supported operations: ${offered.join(', ')}.`
  if (description === '') return sentence
  return `${description}${description.endsWith('.') ? '' : '.'} ${sentence}`
}

function offeredBy(types: readonly ResourceType[]): ReadonlySet<ResourceOperation> {
  return new Set(types.flatMap(({ operations }) => [...operations]))
}

/** A schema as /Schemas shows it, without `meta`. */
export function schemaDocument(schema: Schema): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: attributeDocuments(schema.attributes.values()),
  }
}

function attributeDocuments(attributes: Iterable<Attribute>): readonly JsonObject[] {
  return [...attributes].filter(isPublished).map(attributeDocument)
}

// A password that the host does not take is known to the code, so that it can be refused in filters, but is not part of
// the schema.
function isPublished(attribute: Attribute): boolean {
  return !(attribute.returned === 'never' && attribute.mutability === 'readOnly')
}

function attributeDocument(attribute: Attribute): JsonObject {
  const document: { [name: string]: JsonValue } = {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
  }
  if (attribute.canonicalValues.length > 0) document.canonicalValues = attribute.canonicalValues
  if (attribute.type !== 'complex') document.caseExact = attribute.caseExact
  document.mutability = attribute.mutability
  document.returned = attribute.returned
  // Errata 6004, 8470: complex and binary attributes have no uniqueness.
  if (attribute.type !== 'complex' && attribute.type !== 'binary') document.uniqueness = attribute.uniqueness
  if (attribute.type === 'reference') document.referenceTypes = attribute.referenceTypes
  if (attribute.type === 'complex') document.subAttributes = attributeDocuments(attribute.subAttributes.values())
  return document
}
