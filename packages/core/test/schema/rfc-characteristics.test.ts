/** The built-in schemas against the printed ones of RFC 7643 §8.7.1; differences are listed, with the reason. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Attribute } from '../../src/schema/attribute.js'
import { compileResourceType } from '../../src/schema/compile.js'
import type { SchemaDefinition } from '../../src/schema/schema-definition.js'
import { enterpriseUserSchema } from '../../src/schema/standard/enterprise-user.js'
import { groupSchema } from '../../src/schema/standard/group.js'
import { userSchema } from '../../src/schema/standard/user.js'

/** One attribute as §8.7.1 prints it. */
interface Printed {
  readonly name: string
  readonly type: string
  readonly multiValued: boolean
  readonly required: boolean
  readonly caseExact?: boolean
  readonly mutability: string
  readonly returned: string
  readonly uniqueness?: string
  readonly canonicalValues?: readonly string[]
  readonly referenceTypes?: readonly string[]
  readonly subAttributes?: readonly Printed[]
}

interface PrintedSchema {
  readonly id: string
  readonly name: string
  readonly attributes: readonly Printed[]
}

interface Difference {
  readonly path: string
  readonly printed: Readonly<Record<string, unknown>> | 'absent'
  readonly ours: Readonly<Record<string, unknown>> | 'present'
  readonly because: string
}

function sample(name: string): PrintedSchema {
  const url = new URL(`../samples/rfc7643-8.7.1-${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8')) as PrintedSchema
}

/**
 * Characteristics by path. Those that are printed for no attribute of that type (uniqueness of a boolean) are left out.
 */
type Outline = Record<string, Record<string, unknown>>

function outlineOfPrinted(attributes: readonly Printed[], prefix = ''): Outline {
  const outline: Outline = {}
  for (const attribute of attributes) {
    const path = `${prefix}${attribute.name}`
    const { type, multiValued, required, mutability, returned } = attribute
    outline[path] = {
      type,
      multiValued,
      required,
      mutability,
      returned,
      // RFC 7643 §7: the default where nothing is printed.
      caseExact: attribute.caseExact ?? false,
      uniqueness: attribute.uniqueness ?? 'none',
      canonicalValues: attribute.canonicalValues ?? [],
      referenceTypes: attribute.referenceTypes ?? [],
    }
    Object.assign(outline, outlineOfPrinted(attribute.subAttributes ?? [], `${path}.`))
  }
  return outline
}

function outlineOfOurs(attributes: Iterable<Attribute>, prefix = ''): Outline {
  const outline: Outline = {}
  for (const attribute of attributes) {
    const path = `${prefix}${attribute.name}`
    const { type, multiValued, required, mutability, returned } = attribute
    const { caseExact, uniqueness, canonicalValues, referenceTypes } = attribute
    const rest = { caseExact, uniqueness, canonicalValues, referenceTypes }
    outline[path] = { type, multiValued, required, mutability, returned, ...rest }
    Object.assign(outline, outlineOfOurs(attribute.subAttributes.values(), `${path}.`))
  }
  return outline
}

const exact = { printed: { caseExact: false }, ours: { caseExact: true } }
const reference = 'RFC 7643 §2.3.7: "A reference is case exact" (errata 6001)'
const anId = 'RFC 7643 §3.1: an id is case exact, and this is one (erratum 8472 says so for manager.value)'

const userDifferences: readonly Difference[] = [
  { path: 'profileUrl', ...exact, because: reference },
  { path: 'photos.value', ...exact, because: reference },
  { path: 'groups.$ref', ...exact, because: reference },
  { path: 'groups.value', ...exact, because: anId },
  { path: 'password', ...exact, because: 'RFC 8265 §4 (OpaqueString): the case of a password counts' },
  {
    path: 'x509Certificates.value',
    ...exact,
    because: 'RFC 7643 §2.3.6: "A binary is case exact" (errata 6000, 8470)',
  },
  {
    path: 'groups.$ref',
    printed: { referenceTypes: ['User', 'Group'] },
    ours: { referenceTypes: ['Group'] },
    because: 'erratum 8471',
  },
  {
    path: 'addresses.primary',
    printed: 'absent',
    ours: 'present',
    because: 'RFC 7643 §2.4 gives it to every multi-valued attribute, and RFC 7644 §3.5.2.3 sets it',
  },
]

const groupDifferences: readonly Difference[] = [
  { path: 'displayName', printed: { required: false }, ours: { required: true }, because: 'erratum 5368' },
  { path: 'members.value', ...exact, because: anId },
  { path: 'members.$ref', ...exact, because: reference },
  { path: 'members.display', printed: 'absent', ours: 'present', because: 'erratum 8011; RFC 7644 §3.5.2.1 sends it' },
]

const enterpriseDifferences: readonly Difference[] = [
  { path: 'manager.value', ...exact, because: 'erratum 8472' },
  { path: 'manager.$ref', ...exact, because: reference },
]

const schemas: readonly [string, string, SchemaDefinition, readonly Difference[]][] = [
  ['User', 'user', userSchema, userDifferences],
  ['Group', 'group', groupSchema, groupDifferences],
  ['EnterpriseUser', 'enterprise-user', enterpriseUserSchema, enterpriseDifferences],
]

describe.each(schemas)('%s (RFC 7643 §8.7.1)', (name, file, schema, differences) => {
  const printed = sample(file)
  const ours = outlineOfOurs(compileResourceType({ name, endpoint: '/X', schema }).schema.attributes.values())
  const expected = outlineOfPrinted(printed.attributes)

  test('id and name', () => {
    expect([schema.id, schema.name]).toEqual([printed.id, printed.name])
  })

  test.each(differences)('differs at $path: $because', (difference) => {
    if (difference.printed === 'absent') expect(expected[difference.path]).toBeUndefined()
    else expect(expected[difference.path]).toMatchObject(difference.printed)
    if (difference.ours === 'present') expect(ours[difference.path]).toBeDefined()
    else expect(ours[difference.path]).toMatchObject(difference.ours)
  })

  test('every other characteristic of every attribute is as printed', () => {
    const amended = structuredClone(expected)
    for (const { path, ours: own } of differences) {
      amended[path] = own === 'present' ? (ours[path] ?? {}) : { ...amended[path], ...own }
    }
    expect(ours).toEqual(amended)
  })
})

test('attributes beyond the printed ones have the characteristics of their neighbours', () => {
  const user = compileResourceType({ name: 'User', endpoint: '/Users', schema: userSchema })
  const group = compileResourceType({ name: 'Group', endpoint: '/Groups', schema: groupSchema })
  const primaries = ['emails', 'addresses'].map((name) => user.attributes.get(name)?.subAttributes.get('primary'))
  const comparable = primaries.map((primary) => primary && { ...primary, parent: 0, path: '', description: '' })
  expect(comparable[1]).toEqual(comparable[0])
  expect(group.attributes.get('members')?.subAttributes.get('display')).toMatchObject({
    type: 'string',
    mutability: 'readOnly',
    returned: 'default',
  })
})

test('the common attributes are as RFC 7643 §3 and §3.1 define them', () => {
  const { attributes } = compileResourceType({ name: 'User', endpoint: '/Users', schema: userSchema })
  const characteristics = (name: string) => {
    const { type, multiValued, required, caseExact, mutability, returned, uniqueness } = attributes.get(name) ?? {}
    return { type, multiValued, required, caseExact, mutability, returned, uniqueness }
  }
  const plain = { multiValued: false, required: false, uniqueness: 'none', returned: 'default' }
  expect(characteristics('id')).toEqual({
    ...plain,
    type: 'string',
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  })
  expect(characteristics('externalid')).toEqual({ ...plain, type: 'string', caseExact: true, mutability: 'readWrite' })
  expect(characteristics('meta')).toEqual({ ...plain, type: 'complex', caseExact: false, mutability: 'readOnly' })
  expect(characteristics('schemas')).toMatchObject({ multiValued: true, required: true, returned: 'always' })
  const meta = [...(attributes.get('meta')?.subAttributes.values() ?? [])]
  expect(meta.map(({ name }) => name)).toEqual(['resourceType', 'created', 'lastModified', 'location', 'version'])
  for (const sub of meta) expect(sub.mutability).toBe('readOnly')
})
