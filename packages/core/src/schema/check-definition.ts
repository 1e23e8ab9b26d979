/** Rejects unknown keys and keywords of a definition: a typing error must not be ignored silently. */
import type {
  AttributeDefinition,
  AttributeType,
  Mutability,
  ResourceTypeDefinition,
  Returned,
  SchemaDefinition,
  Uniqueness,
} from './schema-definition.js'

type Extension = NonNullable<ResourceTypeDefinition['extensions']>[number]

const ofType: Known<ResourceTypeDefinition> = {
  name: true,
  endpoint: true,
  description: true,
  schema: true,
  extensions: true,
  keepsMembers: true,
  without: true,
  operations: true,
}
const ofExtension: Known<Extension> = { schema: true, required: true }
const ofSchema: Known<SchemaDefinition> = { id: true, name: true, description: true, attributes: true }
const ofAttribute: Known<AttributeDefinition> = {
  type: true,
  multiValued: true,
  description: true,
  required: true,
  canonicalValues: true,
  caseExact: true,
  mutability: true,
  returned: true,
  uniqueness: true,
  referenceTypes: true,
  subAttributes: true,
}

const keywords: {
  readonly type: Known<Record<AttributeType, unknown>>
  readonly mutability: Known<Record<Mutability, unknown>>
  readonly returned: Known<Record<Returned, unknown>>
  readonly uniqueness: Known<Record<Uniqueness, unknown>>
} = {
  type: {
    string: true,
    boolean: true,
    decimal: true,
    integer: true,
    dateTime: true,
    binary: true,
    reference: true,
    complex: true,
  },
  mutability: { readOnly: true, readWrite: true, immutable: true, writeOnly: true },
  returned: { always: true, never: true, default: true, request: true },
  uniqueness: { none: true, server: true, global: true },
}

// A key or keyword that is added to a definition does not compile until it is listed here.
type Known<Definition> = Readonly<Record<keyof Definition, true>>

/** Throws a TypeError that names the first unknown key or keyword of a definition, its schemas or their attributes. */
export function checkDefinition(definition: ResourceTypeDefinition): void {
  const { name, schema, extensions = [] } = definition
  check(`resource type "${name}"`, definition, ofType)
  checkSchema(schema)
  for (const extension of extensions) {
    check(`resource type "${name}", extension "${extension.schema?.id}"`, extension, ofExtension)
    checkSchema(extension.schema)
  }
}

function checkSchema(schema: SchemaDefinition): void {
  check(`schema "${schema.id}"`, schema, ofSchema)
  checkAttributes(`schema "${schema.id}", attribute `, schema.attributes)
}

function checkAttributes(where: string, attributes: Readonly<Record<string, AttributeDefinition>> = {}): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    check(`${where}"${name}"`, attribute, ofAttribute)
    checkKeywords(`${where}"${name}"`, attribute)
    checkAttributes(`${where}"${name}", sub-attribute `, attribute.subAttributes)
  }
}

function checkKeywords(where: string, attribute: AttributeDefinition): void {
  for (const key of ['type', 'mutability', 'returned', 'uniqueness'] as const) {
    const given = attribute[key]
    if (given === undefined || Object.hasOwn(keywords[key], given)) continue
    throw new TypeError(`${where}: unknown ${key} "${given}"; known are ${Object.keys(keywords[key]).join(', ')}`)
  }
}

function check(where: string, given: object, known: Readonly<Record<string, true>>): void {
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(known, key)) continue
    throw new TypeError(`${where}: unknown key "${key}"; known are ${Object.keys(known).join(', ')}`)
  }
}
