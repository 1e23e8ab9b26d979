import { describe, expect, test } from '@jest/globals'
import { compileResourceType } from '../../src/schema/compile.js'
import type { AttributeDefinition, ResourceTypeDefinition } from '../../src/schema/schema-definition.js'
import { groupType, userType } from '../../src/schema/standard/resource-types.js'

const typeWith = (attributes: Record<string, AttributeDefinition>): ResourceTypeDefinition => ({
  name: 'Thing',
  endpoint: '/Things',
  schema: { id: 'urn:example:Thing', name: 'Thing', attributes },
})

const extended = (attributes: Record<string, AttributeDefinition>): ResourceTypeDefinition => ({
  ...typeWith({ a: {} }),
  extensions: [{ required: false, schema: { id: 'urn:example:Extension', name: 'Extension', attributes } }],
})

const complex = (subAttributes: Record<string, AttributeDefinition>): AttributeDefinition => ({
  type: 'complex',
  subAttributes,
})

describe('an invalid definition is refused at start, with its name', () => {
  test.each<[string, ResourceTypeDefinition, string]>([
    ['endpoint without slash', { ...userType, endpoint: 'Users' }, 'endpoint'],
    ['endpoint of two segments', { ...userType, endpoint: '/a/b' }, 'endpoint'],
    ['endpoint with a slash at the end', { ...userType, endpoint: '/Users/' }, 'endpoint'],
    ['schema id that is not a URN', { ...userType, schema: { id: 'User', name: 'User', attributes: {} } }, 'URN'],
    ['name with a dot', typeWith({ 'a.b': {} }), 'a.b'],
    ['name with a digit first', typeWith({ '1a': {} }), '1a'],
    ['name of a prototype', typeWith({ constructor: {} }), 'constructor'],
    ['name of a prototype below', typeWith({ c: complex({ prototype: {} }) }), 'c.prototype'],
    ['complex without parts', typeWith({ c: { type: 'complex' } }), 'subAttributes'],
    ['parts without complex', typeWith({ c: { subAttributes: { d: {} } } }), 'subAttributes'],
    ['complex in complex (erratum 8415)', typeWith({ c: complex({ d: complex({ e: {} }) }) }), '8415'],
    ['unique list', typeWith({ tags: { multiValued: true, uniqueness: 'server' } }), 'tags'],
    ['unique complex (erratum 6004)', typeWith({ c: { ...complex({ d: {} }), uniqueness: 'server' } }), '"c"'],
    [
      'unique part of a list',
      typeWith({ c: { ...complex({ d: { uniqueness: 'global' } }), multiValued: true } }),
      'c.d',
    ],
    ['unique list in an extension', extended({ tags: { multiValued: true, uniqueness: 'server' } }), 'tags'],
    ['bad name in an extension', extended({ 'a b': {} }), 'a b'],
    ['keepsMembers without members', { ...userType, keepsMembers: true }, 'members'],
  ])('%s', (_title, definition, named) => {
    expect(() => compileResourceType(definition)).toThrow(TypeError)
    expect(() => compileResourceType(definition)).toThrow(named)
  })
})

describe('an unknown key or keyword is refused at start, with the known ones', () => {
  const withKey = (key: string, more: object = {}) => ({ ...more, [key]: 'x' })
  const schema = (key: string) => withKey(key, { id: 'urn:example:Thing', name: 'Thing', attributes: {} })
  test.each<[string, unknown, string]>([
    ['of a type', withKey('operatons', userType), 'resource type "User": unknown key "operatons"; known are name,'],
    [
      'of a schema',
      { ...userType, schema: schema('atributes') },
      'schema "urn:example:Thing": unknown key "atributes"',
    ],
    [
      'of an extension',
      { ...userType, extensions: [{ schema: schema('name'), required: false, optional: true }] },
      'extension "urn:example:Thing": unknown key "optional"; known are schema, required',
    ],
    [
      'of the schema of an extension',
      { ...userType, extensions: [{ schema: schema('urn'), required: false }] },
      'schema "urn:example:Thing": unknown key "urn"',
    ],
    [
      'of an attribute',
      typeWith({ a: { mutabilty: 'readOnly' } as AttributeDefinition }),
      'schema "urn:example:Thing", attribute "a": unknown key "mutabilty"; known are type, multiValued,',
    ],
    [
      'of a sub-attribute',
      typeWith({ c: complex({ d: { uniquness: 'server' } as AttributeDefinition }) }),
      'attribute "c", sub-attribute "d": unknown key "uniquness"',
    ],
    [
      'of an attribute of an extension',
      extended({ e: { multivalued: true } as AttributeDefinition }),
      'schema "urn:example:Extension", attribute "e": unknown key "multivalued"',
    ],
    [
      'a type of attributes',
      typeWith({ a: { type: 'text' as 'string' } }),
      'unknown type "text"; known are string, boolean,',
    ],
    ['a mutability', typeWith({ a: { mutability: 'readonly' as 'readOnly' } }), 'unknown mutability "readonly"'],
    ['returned', typeWith({ a: { returned: 'none' as 'never' } }), 'unknown returned "none"'],
    ['a uniqueness', typeWith({ a: { uniqueness: 'constructor' as 'none' } }), 'unknown uniqueness "constructor"'],
  ])('%s', (_title, definition, message) => {
    expect(() => compileResourceType(definition as ResourceTypeDefinition)).toThrow(TypeError)
    expect(() => compileResourceType(definition as ResourceTypeDefinition)).toThrow(message)
  })

  test('a key without a value counts as absent', () => {
    const definition = {
      ...userType,
      description: undefined,
      operations: undefined,
    } as unknown as ResourceTypeDefinition
    expect(compileResourceType(definition).operations.size).toBe(5)
  })
})

describe('the result of a definition', () => {
  test('defaults of RFC 7643 §2.2', () => {
    const { attributes } = compileResourceType(typeWith({ plain: {} }))
    expect(attributes.get('plain')).toEqual({
      name: 'plain',
      schema: 'urn:example:Thing',
      path: 'plain',
      type: 'string',
      multiValued: false,
      description: '',
      required: false,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'none',
      canonicalValues: [],
      referenceTypes: [],
      subAttributes: new Map(),
      parent: undefined,
    })
  })

  test('every type has the common attributes (RFC 7643 §3.1)', () => {
    for (const name of ['schemas', 'id', 'externalid', 'meta']) {
      expect(compileResourceType(typeWith({})).attributes.has(name)).toBe(true)
    }
  })

  test('paths: core names bare, extension names under their URN', () => {
    const type = compileResourceType(extended({ c: complex({ d: {} }) }))
    expect(type.attributes.get('a')?.path).toBe('a')
    const c = type.extensionsByUrn.get('urn:example:extension')?.attributes.get('c')
    expect(c?.path).toBe('urn:example:Extension:c')
    expect(c?.subAttributes.get('d')?.path).toBe('urn:example:Extension:c.d')
    expect(c?.subAttributes.get('d')?.parent).toBe(c)
  })

  test('unique attributes: userName; never id, which is the server’s; parts and extensions too', () => {
    expect(compileResourceType(userType).unique.map(({ path }) => path)).toEqual(['userName'])
    expect(compileResourceType(groupType).unique).toEqual([])
    const deep = { ...extended({ e: { uniqueness: 'global' } }) }
    const schema = { ...deep.schema, attributes: { c: complex({ d: { uniqueness: 'server' } }) } }
    expect(compileResourceType({ ...deep, schema }).unique.map(({ path }) => path)).toEqual([
      'c.d',
      'urn:example:Extension:e',
    ])
  })

  test('members are rows only where the type says so', () => {
    expect(compileResourceType(groupType).members?.name).toBe('members')
    expect(compileResourceType({ ...groupType, keepsMembers: false }).members).toBeUndefined()
  })
})
