/**
 * Removes the attributes that a host does not support from a resource type. @see RFC 7643 §2.2 (a schema lists the
 * supported attributes), §7
 */
import type { AttributeDefinition, ResourceTypeDefinition, SchemaDefinition } from './schema-definition.js'

type Attributes = Readonly<Record<string, AttributeDefinition>>

/**
 * The definition without the attributes that its `without` names: `nickName`, `name.middleName`, `urn:…:User:manager`;
 * a URN alone removes a whole extension. Throws a TypeError for a path without a target, or to a required attribute.
 */
export function trimSchema(definition: ResourceTypeDefinition): ResourceTypeDefinition {
  return (definition.without ?? []).reduce(withoutPath, definition)
}

function withoutPath(definition: ResourceTypeDefinition, path: string): ResourceTypeDefinition {
  const refuse = (why: string): never => {
    throw new TypeError(`${definition.name}: without "${path}": ${why}`)
  }
  const extensions = definition.extensions ?? []
  const extension = extensions.find(({ schema }) => startsWithUrn(path, schema.id))
  if (extension === undefined) {
    const rest = startsWithUrn(path, definition.schema.id) ? path.slice(definition.schema.id.length + 1) : path
    return { ...definition, schema: withoutAttribute(definition.schema, rest, refuse) }
  }
  const rest = path.slice(extension.schema.id.length + 1)
  if (rest === '' && extension.required) refuse('it is required')
  const schema = rest === '' ? undefined : withoutAttribute(extension.schema, rest, refuse)
  // An extension without attributes is removed.
  const isLeft = schema !== undefined && Object.keys(schema.attributes).length > 0
  const others = extensions.filter((other) => other !== extension)
  return {
    ...definition,
    extensions: isLeft ? extensions.map((one) => (one === extension ? { ...one, schema } : one)) : others,
  }
}

function startsWithUrn(path: string, urn: string): boolean {
  const lower = path.toLowerCase()
  return lower.startsWith(urn.toLowerCase()) && (path.length === urn.length || path[urn.length] === ':')
}

function withoutAttribute(schema: SchemaDefinition, path: string, refuse: (why: string) => never): SchemaDefinition {
  const [name = '', sub, ...rest] = path.split('.')
  if (rest.length > 0) refuse('no such attribute')
  return { ...schema, attributes: without(schema.attributes, name, sub, refuse) }
}

function without(
  attributes: Attributes,
  name: string,
  sub: string | undefined,
  refuse: (why: string) => never,
): Attributes {
  const key = Object.keys(attributes).find((one) => one.toLowerCase() === name.toLowerCase())
  const attribute = key === undefined ? undefined : attributes[key]
  if (key === undefined || attribute === undefined) return refuse('no such attribute')
  if (sub === undefined) {
    if (attribute.required) refuse('it is required')
    return Object.fromEntries(Object.entries(attributes).filter(([one]) => one !== key))
  }
  const parts = without(attribute.subAttributes ?? {}, sub, undefined, refuse)
  if (Object.keys(parts).length === 0) refuse('the attribute would have no sub-attributes left; name it as a whole')
  return { ...attributes, [key]: { ...attribute, subAttributes: parts } }
}
