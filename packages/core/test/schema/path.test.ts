import { describe, expect, test } from '@jest/globals'
import { interopFrom } from '../../src/interop.js'
import type { ResourceType } from '../../src/schema/attribute.js'
import { isAttributeName, isAttributePathText } from '../../src/schema/attribute-name.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { namesSchemaOf, resolvePath } from '../../src/schema/path.js'
import { groupType as groupDefinition } from '../../src/schema/standard/resource-types.js'
import { userType } from '../filter/support/types.js'

const lenient = interopFrom('lenient')
const strict = interopFrom('strict')
const groupType = compileResourceType(groupDefinition)
const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

// URNs that are the beginning of others, with dots and colons of their own, and names that several schemas have.
const nested: ResourceType = compileResourceType({
  name: 'Nested',
  endpoint: '/Nested',
  schema: {
    id: 'urn:example:x',
    name: 'X',
    attributes: { a: {}, shared: {}, c: { type: 'complex', subAttributes: { d: {} } } },
  },
  extensions: [
    { required: false, schema: { id: 'urn:example:x:1', name: 'One', attributes: { b: {}, both: {}, shared: {} } } },
    {
      required: false,
      schema: { id: 'urn:example:x:1.0:ext', name: 'Two', attributes: { b2: {}, both: {}, a: {} } },
    },
    { required: false, schema: { id: 'urn:example:x:1.0:ext:a', name: 'Three', attributes: { deep: {} } } },
  ],
})

describe('resolvePath (RFC 7644 §3.10: the longest URN, names in any case)', () => {
  test.each<[string, ResourceType, string]>([
    ['userName', userType, 'userName'],
    ['USERNAME', userType, 'userName'],
    ['name.givenName', userType, 'name.givenName'],
    ['Name.GivenName', userType, 'name.givenName'],
    ['emails.$REF', userType, 'none'],
    ['groups.$REF', userType, 'groups.$ref'],
    ['meta.lastModified', userType, 'meta.lastModified'],
    ['id', userType, 'id'],
    [`${core}:userName`, userType, 'userName'],
    [`${core.toUpperCase()}:NAME.FAMILYNAME`, userType, 'name.familyName'],
    [`${core}:meta`, userType, 'meta'],
    [enterprise, userType, enterprise],
    [enterprise.toLowerCase(), userType, enterprise],
    [`${enterprise}:manager`, userType, `${enterprise}:manager`],
    [`${enterprise.toUpperCase()}:Manager.DisplayName`, userType, `${enterprise}:manager.displayName`],
    ['members.value', groupType, 'members.value'],
    ['urn:example:x:a', nested, 'a'],
    ['urn:example:x:1', nested, 'urn:example:x:1'],
    ['urn:example:x:1:b', nested, 'urn:example:x:1:b'],
    ['urn:example:x:1.0:ext:b2', nested, 'urn:example:x:1.0:ext:b2'],
    ['urn:example:x:1.0:ext:both', nested, 'urn:example:x:1.0:ext:both'],
    // The longest URN: this is the third extension as a whole, not attribute `a` of the second.
    ['urn:example:x:1.0:ext:a', nested, 'urn:example:x:1.0:ext:a'],
    ['urn:example:x:1.0:ext:a:deep', nested, 'urn:example:x:1.0:ext:a:deep'],
    ['urn:example:x:c.d', nested, 'c.d'],
  ])('%s', (text, type, expected) => {
    expect(resolvePath(type, text, strict)?.text ?? 'none').toBe(expected)
    expect(resolvePath(type, text, lenient)?.text ?? 'none').toBe(expected)
  })

  test.each([
    [`${core}.userName`, 'userName'],
    [`${core}.name.givenName`, 'name.givenName'],
    [`${enterprise.toUpperCase()}.Manager.Value`, `${enterprise}:manager.value`],
    [`${enterprise}.department`, `${enterprise}:department`],
  ])('%s, a dot for the colon after a URN: lenient alone', (text, expected) => {
    expect(resolvePath(userType, text, lenient)?.text).toBe(expected)
    expect(resolvePath(userType, text, strict)).toBeUndefined()
  })

  test('with a dot, a URN does not match another schema’s, but may match one that begins with it', () => {
    expect(resolvePath(nested, 'urn:example:x:1.b', lenient)?.text).toBe('urn:example:x:1:b')
    expect(namesSchemaOf(nested, 'urn:example:x:1.nothing')).toBe(true)
    expect(namesSchemaOf(userType, `${enterprise}.nothing`)).toBe(true)
    expect(namesSchemaOf(userType, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User:department')).toBe(false)
    expect(namesSchemaOf(userType, 'urn:example:other:1.0:User:x')).toBe(false)
  })

  test('a URN alone is an extension as a whole; the same URN with a name is an attribute', () => {
    expect(resolvePath(nested, 'urn:example:x:1.0:ext:a', strict)).toMatchObject({
      attribute: undefined,
      extension: { name: 'Three' },
    })
    expect(resolvePath(nested, 'urn:example:x:1:both', strict)).toMatchObject({
      attribute: { name: 'both' },
      extension: { name: 'One' },
      sub: undefined,
    })
  })

  test('the canonical text leads to the same path again', () => {
    for (const text of ['NAME.givenname', `${enterprise}:MANAGER.value`, enterprise.toUpperCase(), 'META']) {
      const path = resolvePath(userType, text, strict)
      expect(path).toBeDefined()
      expect(resolvePath(userType, path?.text ?? '', strict)).toEqual(path)
    }
  })

  test.each<[string, ResourceType]>([
    ['nothing', userType],
    ['', userType],
    ['.', userType],
    ['name.', userType],
    ['.name', userType],
    ['name.givenName.x', userType],
    ['userName.value', userType],
    ['name givenName', userType],
    [' userName', userType],
    [core, userType],
    [`${core}:`, userType],
    [`${core}:nothing`, userType],
    [`${core}userName`, userType],
    [`${core}:manager`, userType],
    [`${enterprise}:`, userType],
    [`${enterprise}:userName`, userType],
    [`${enterprise}:id`, userType],
    [`${enterprise}.`, userType],
    [`${enterprise}.manager:value`, userType],
    [`${enterprise}.nothing`, userType],
    ['urn:', userType],
    ['urn:example:other:userName', userType],
    [`${core}:userName`, groupType],
    [`${enterprise}:manager`, groupType],
    ['__proto__', userType],
    ['constructor', userType],
    ['name.__proto__', userType],
    ['name.constructor', userType],
    ['toString', userType],
    ['hasOwnProperty.call', userType],
    ['urn:example:x:1.0:b2', nested],
    ['urn:example:x:1.0', nested],
  ])('%j has no target', (text, type) => {
    expect(resolvePath(type, text, lenient)).toBeUndefined()
  })
})

describe('bare extension names (IDP-7)', () => {
  test.each<[string, ResourceType, string]>([
    ['manager', userType, `${enterprise}:manager`],
    ['Manager.Value', userType, `${enterprise}:manager.value`],
    ['department', userType, `${enterprise}:department`],
    ['b', nested, 'urn:example:x:1:b'],
    ['deep', nested, 'urn:example:x:1.0:ext:a:deep'],
  ])('%s has its extension as target in lenient, and no target in strict', (text, type, expected) => {
    expect(resolvePath(type, text, lenient)?.text).toBe(expected)
    expect(resolvePath(type, text, strict)).toBeUndefined()
  })

  test('a name that two extensions have has no target', () => {
    expect(resolvePath(nested, 'both', lenient)).toBeUndefined()
  })

  test('a name that the core schema has is the core’s', () => {
    expect(resolvePath(nested, 'shared', lenient)).toMatchObject({ text: 'shared', extension: undefined })
    expect(resolvePath(nested, 'a', lenient)).toMatchObject({ text: 'a', extension: undefined })
  })
})

describe('attribute names (RFC 7643 §2.1)', () => {
  test.each(['a', 'userName', 'a1', 'a-b', 'a_b', 'A', '$ref', '$REF', 'toString', 'x509Certificates'])(
    '%s is valid',
    (name) => {
      expect(isAttributeName(name)).toBe(true)
    },
  )
  test.each(['', '1a', '-a', '_a', 'a.b', 'a b', 'a:b', '$', '$id', 'é', 'nic\u212a', 'a\0', 'a[0]', 'a"'])(
    '%j is invalid',
    (name) => {
      expect(isAttributeName(name)).toBe(false)
    },
  )
  test.each(['__proto__', 'constructor', 'prototype', 'Constructor', 'PROTOTYPE', '__PROTO__'])(
    '%s is invalid: it has a meaning in prototypes',
    (name) => {
      expect(isAttributeName(name)).toBe(false)
      expect(isAttributePathText(name)).toBe(false)
      expect(isAttributePathText(`a.${name}`)).toBe(false)
      expect(isAttributePathText(`urn:a:b:${name}`)).toBe(false)
    },
  )
  test.each(['a', 'a.b', 'a.$ref', `${core}:a.b`, enterprise, 'urn:a:b', 'URN:a:b'])('%s could be a path', (text) => {
    expect(isAttributePathText(text)).toBe(true)
  })
  test.each(['', 'a.b.c', 'a.', '.a', 'a b', 'urn:a::b', 'urn:a:b ', 'urn:a/b:c', 'a:b', '[', 'a]'])(
    '%j could not be a path',
    (text) => {
      expect(isAttributePathText(text)).toBe(false)
    },
  )
})
