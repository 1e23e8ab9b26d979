/** The schemas of a caller's resource types, as resources that an agent can read. @see RFC 7643 §7 */
import type { PermittedType } from '@scimkit/core/operations'
import type { Schema } from '@scimkit/core/schema'

const prefix = 'scim://schemas/'

/** A schema in a list of resources. */
export interface SchemaResource {
  readonly uri: string
  readonly name: string
  readonly description: string
  readonly mimeType: 'application/scim+json'
}

/** The schemas of these types and of their extensions, each once. */
export function schemaResources(types: readonly PermittedType[]): readonly SchemaResource[] {
  const schemas = new Map<string, Schema>()
  for (const { operations } of types) {
    for (const type of operations.values()) {
      for (const schema of [type.schema, ...type.extensions.map((extension) => extension.schema)]) {
        schemas.set(schema.id, schema)
      }
    }
  }
  return [...schemas.values()].map(({ id, name, description }) => ({
    uri: `${prefix}${id}`,
    name,
    description: `The attributes of ${name}. ${description}`.trim(),
    mimeType: 'application/scim+json',
  }))
}

/** The URN of the schema that a resource is. */
export function urnOf(uri: string): string {
  return uri.slice(prefix.length)
}
