/** JSON schemas of resources, from the attributes of their type as one caller may use them. @see RFC 7643 §2.2, §2.3, §7 */
import type { Attribute, ResourceType } from '@scimkit/core/schema'
import { type JsonSchema, type ObjectSchema, objectSchema } from './json-schema.js'

/** Which values a document has: those that a client sends, or those that a server returns. */
export type Direction = 'sent' | 'returned'

/** The schema of a whole document: its attributes, and its extensions under their URNs. */
export function documentSchema(type: ResourceType, direction: Direction): ObjectSchema {
  const own = propertiesOf(type.attributes.values(), direction)
  const extensions = type.extensions.flatMap(({ schema }) => {
    const properties = propertiesOf(schema.attributes.values(), direction)
    if (Object.keys(properties).length === 0) return []
    return [
      [schema.id, objectSchema(properties, requiredIn(schema.attributes.values(), direction), schema.name)] as const,
    ]
  })
  return objectSchema(
    { ...own, ...Object.fromEntries(extensions) },
    direction === 'sent' ? requiredIn(type.attributes.values(), direction) : [],
    direction === 'sent' ? `${type.name}: ${type.description}` : undefined,
  )
}

/** Whether a document in this direction has values of the attribute. */
export function isIn(attribute: Attribute, direction: Direction): boolean {
  if (isOfTools(attribute)) return false
  // A secret has no place in a conversation: no tool sets one, and none shows one.
  if (attribute.returned === 'never' || attribute.mutability === 'writeOnly') return false
  if (direction === 'returned') return attribute.unreadable !== 'whole'
  return attribute.mutability !== 'readOnly' && attribute.unwritable !== 'whole'
}

// The tools add `schemas`, which follows from the attributes, and show the version beside the resource.
function isOfTools({ name, parent }: Attribute): boolean {
  return parent === undefined ? name === 'schemas' : name === 'version' && parent.path === 'meta'
}

function propertiesOf(attributes: Iterable<Attribute>, direction: Direction): Record<string, JsonSchema> {
  const properties: Record<string, JsonSchema> = {}
  for (const attribute of attributes) {
    if (isIn(attribute, direction)) properties[attribute.name] = attributeSchema(attribute, direction)
  }
  return properties
}

function requiredIn(attributes: Iterable<Attribute>, direction: Direction): string[] {
  if (direction === 'returned') return []
  return [...attributes].filter((one) => one.required && isIn(one, direction)).map(({ name }) => name)
}

function attributeSchema(attribute: Attribute, direction: Direction): JsonSchema {
  const single = valueSchema(attribute, direction)
  if (!attribute.multiValued) return single
  const description = descriptionOf(attribute, direction)
  return { type: 'array', ...(description !== '' && { description }), items: single }
}

function valueSchema(attribute: Attribute, direction: Direction): JsonSchema {
  // The list has the description of its elements.
  const text = attribute.multiValued ? '' : descriptionOf(attribute, direction)
  const description = text === '' ? {} : { description: text }
  switch (attribute.type) {
    case 'boolean':
      return { type: 'boolean', ...description }
    case 'integer':
      return { type: 'integer', ...description }
    case 'decimal':
      return { type: 'number', ...description }
    case 'complex': {
      const parts = [...attribute.subAttributes.values()]
      return objectSchema(propertiesOf(parts, direction), requiredIn(parts, direction), text === '' ? undefined : text)
    }
    case 'string':
    case 'dateTime':
    case 'reference':
    case 'binary':
      return { type: 'string', ...description }
  }
}

const longestDescription = 300

// A model writes what it sends, and only needs to read what is returned: the schema resources describe that.
function descriptionOf(attribute: Attribute, direction: Direction): string {
  if (direction === 'returned') return ''
  const { description, canonicalValues, mutability, type } = attribute
  const notes = [
    description,
    type === 'dateTime' ? 'A time such as 2026-01-31T12:00:00Z.' : '',
    type === 'binary' ? 'Base64.' : '',
    canonicalValues.length > 0 ? `Usual values: ${canonicalValues.join(', ')}.` : '',
    mutability === 'immutable' ? 'Can be set once.' : '',
  ]
  const text = notes.filter((note) => note !== '').join(' ')
  return text.length <= longestDescription ? text : `${text.slice(0, longestDescription - 1)}…`
}
