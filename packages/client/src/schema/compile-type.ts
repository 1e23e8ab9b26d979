/** The compiled resource type that diffs and merges need. */
import { isArray, isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'
import {
  type AttributeDefinition,
  compileResourceType,
  groupSchema,
  groupType,
  type ResourceType,
  type ResourceTypeDefinition,
  type SchemaDefinition,
  userType,
} from '@scimkit/core/schema'
import type { Discovery, SchemaDocument } from './discovery.js'

/**
 * The type of an endpoint, compiled once: from its definition, else User and Group of the core, else from the discovery
 * documents of the server. Rejects with a TypeError if none of these describes it.
 */
export function typeSource(
  endpoint: string,
  definition: ResourceTypeDefinition | undefined,
  discovery: Discovery,
): () => Promise<ResourceType> {
  const known = definition ?? [userType, groupType].find((type) => type.endpoint === endpoint)
  let compiled: ResourceType | undefined
  return async () => {
    compiled ??= known === undefined ? await described(endpoint, discovery) : compileResourceType(known)
    return compiled
  }
}

const groupUrn = groupSchema.id.toLowerCase()

/**
 * The resource types that a server describes, compiled from its discovery documents. Throws a ScimClientError, and a
 * TypeError for a type that its documents do not describe, or not as RFC 7643 §7 says.
 * @example
 * ```ts
 * import { createClient, describedTypes } from '@scimkit/client'
 *
 * const { discovery } = createClient('https://app.example/scim/v2', { token: process.env.SCIM_TOKEN ?? '' })
 * const types = await describedTypes(discovery)
 * ```
 * @see RFC 7643 §6, §7
 */
export async function describedTypes(discovery: Discovery): Promise<readonly ResourceType[]> {
  const types = await discovery.resourceTypes()
  return Promise.all(types.map(({ endpoint }) => described(endpoint, discovery)))
}

async function described(endpoint: string, discovery: Discovery): Promise<ResourceType> {
  const [types, schemas] = await Promise.all([discovery.resourceTypes(), discovery.schemas()])
  const type = types.find((each) => each.endpoint === endpoint)
  const schemaOf = (urn: string): SchemaDefinition | undefined => {
    const document = schemas.find(({ id }) => id.toLowerCase() === urn.toLowerCase())
    return document === undefined ? undefined : definitionOf(document)
  }
  const schema = type === undefined ? undefined : schemaOf(type.schema)
  if (type === undefined || schema === undefined) {
    throw new TypeError(
      `${endpoint}: the server does not describe this resource type; pass its definition to resources()`,
    )
  }
  const extensions = (type.schemaExtensions ?? []).flatMap((extension) => {
    const found = schemaOf(extension.schema)
    return found === undefined ? [] : [{ schema: found, required: extension.required === true }]
  })
  // Its members are references that a PATCH adds and removes one by one.
  const { members } = schema.attributes
  const keepsMembers = schema.id.toLowerCase() === groupUrn && members !== undefined && members.required !== true
  return compileResourceType({ name: type.name, endpoint, schema, extensions, keepsMembers })
}

function definitionOf({ id, name, attributes }: SchemaDocument): SchemaDefinition {
  return { id, name: name ?? id, attributes: attributesIn(attributes as JsonValue | undefined) }
}

// RFC 7643 §7 has a list where definitions have names as keys; the members are the same.
function attributesIn(documents: JsonValue | undefined): Readonly<Record<string, AttributeDefinition>> {
  if (!isArray(documents)) return {}
  return Object.fromEntries(
    documents.filter(isObject).map((document) => [String(document.name), attributeIn(document)]),
  )
}

function attributeIn({ name: _name, subAttributes, ...rest }: JsonObject): AttributeDefinition {
  // compileResourceType checks the definition.
  const definition = rest as unknown as AttributeDefinition
  return subAttributes === undefined ? definition : { ...definition, subAttributes: attributesIn(subAttributes) }
}
