import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import type { ResourceType } from '../../src/schema/attribute.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { core, enterprise, groupType, groupUrn, refusal, stored, userType } from './support/reading.js'

const urn = 'urn:example:Rule'
const extensionUrn = 'urn:example:RuleExtension'

/** One attribute for every rule without an example in User. */
const ruleType: ResourceType = compileResourceType({
  name: 'Rule',
  endpoint: '/Rules',
  schema: {
    id: urn,
    name: 'Rule',
    attributes: {
      key: { required: true },
      born: { mutability: 'immutable' },
      marks: { mutability: 'immutable', multiValued: true },
      serial: { mutability: 'readOnly' },
      note: {},
      seat: {
        type: 'complex',
        subAttributes: { row: { mutability: 'immutable' }, place: {}, code: { mutability: 'readOnly' } },
      },
      lines: { type: 'complex', multiValued: true, subAttributes: { text: { required: true }, colour: {} } },
    },
  },
  extensions: [
    {
      required: true,
      schema: {
        id: extensionUrn,
        name: 'RuleExtension',
        attributes: { grade: { required: true }, batch: { mutability: 'readOnly' }, lot: { mutability: 'immutable' } },
      },
    },
  ],
})

const rule = (attributes: JsonObject): JsonObject => ({
  schemas: [urn],
  key: 'k',
  [extensionUrn]: { grade: 'A' },
  ...attributes,
})
const settled = (attributes: JsonObject): JsonObject => ({
  schemas: [urn, extensionUrn],
  id: 'id-1',
  key: 'k',
  [extensionUrn]: { grade: 'A' },
  ...attributes,
})

describe('`schemas` and `id` are the server’s (RFC 7643 §3, §3.1)', () => {
  test('schemas lists the schemas of the document', () => {
    expect(stored(userType, { schemas: [core, enterprise], userName: 'b' }).schemas).toEqual([core])
    expect(stored(userType, { schemas: [core], userName: 'b', [enterprise]: { division: 'D' } })).toEqual({
      schemas: [core, enterprise],
      id: 'id-1',
      userName: 'b',
      [enterprise]: { division: 'D' },
    })
  })

  test('names come in the order of the schema, so that one content is one text', () => {
    const one = stored(userType, { title: 'T', userName: 'b', externalId: 'x', displayName: 'B' })
    const other = stored(userType, { displayName: 'B', externalId: 'x', userName: 'b', title: 'T' })
    expect(JSON.stringify(one)).toBe(JSON.stringify(other))
  })
})

describe('required (RFC 7643 §2.2)', () => {
  test.each<[string, ResourceType, JsonObject]>([
    ['no userName', userType, { schemas: [core] }],
    ['userName null', userType, { schemas: [core], userName: null }],
    ['userName empty', userType, { schemas: [core], userName: '' }],
    ['no displayName (erratum 5368)', groupType, { schemas: [groupUrn] }],
    ['no required extension (RFC 7643 §6)', ruleType, { schemas: [urn], key: 'k' }],
    ['required extension empty', ruleType, rule({ [extensionUrn]: {} })],
    ['required in an extension', ruleType, rule({ [extensionUrn]: { lot: 'L' } })],
    ['required part of an element', ruleType, rule({ lines: [{ text: 'a' }, { colour: 'red' }] })],
    ['required part null', ruleType, rule({ lines: [{ text: null, colour: 'red' }] })],
  ])('%s: 400 invalidValue', (_title, type, body) => {
    expect(refusal(() => stored(type, body))).toBe('invalidValue')
  })
})

describe('primary (RFC 7643 §2.4: "true" at most once)', () => {
  test('two are 400 invalidValue, one is valid, false any number of times', () => {
    const emails = (...primaries: readonly boolean[]): JsonObject => ({
      userName: 'b',
      emails: primaries.map((primary, i) => ({ value: `${i}@x`, primary })),
    })
    expect(refusal(() => stored(userType, emails(true, true)))).toBe('invalidValue')
    expect(stored(userType, emails(true, false, false)).emails).toHaveLength(3)
    expect(stored(userType, emails(false, false)).emails).toHaveLength(2)
  })

  test('one in each attribute', () => {
    const body = { userName: 'b', emails: [{ value: 'a', primary: true }], roles: [{ value: 'r', primary: true }] }
    expect(stored(userType, body)).toMatchObject(body)
  })
})

describe('PUT (RFC 7644 §3.5.1)', () => {
  const before = settled({
    born: 'B',
    marks: ['m'],
    serial: 'S',
    note: 'N',
    seat: { row: '1', place: 'p' },
    [extensionUrn]: { grade: 'A', batch: '7', lot: 'L' },
  })
  const same = { seat: { row: '1', place: 'p' }, [extensionUrn]: { grade: 'A', lot: 'L' } }

  test('readOnly: sent values are ignored, and the stored ones stay', () => {
    const result = stored(ruleType, rule({ ...same, serial: 'other', born: 'B', marks: ['m'], note: 'N' }), before)
    expect(result).toEqual(before)
  })

  test('readOnly parts of an object are ignored on input', () => {
    expect(stored(ruleType, rule({ seat: { place: 'p', code: 'c' } })).seat).toEqual({ place: 'p' })
  })

  test('readWrite: attributes that are not sent are removed', () => {
    const result = stored(ruleType, rule({ ...same, born: 'B', marks: ['m'] }), before)
    expect(result).not.toHaveProperty('note')
  })

  test.each<[string, JsonObject]>([
    ['another value', { born: 'C' }],
    ['another letter case', { born: 'b' }],
    ['another list', { marks: ['m', 'n'] }],
    ['another part', { seat: { row: '2', place: 'p' } }],
    ['in an extension', { [extensionUrn]: { grade: 'A', lot: 'M' } }],
  ])('immutable, %s: 400 mutability', (_title, attributes) => {
    expect(refusal(() => stored(ruleType, rule({ ...same, ...attributes }), before))).toBe('mutability')
  })

  test('immutable: the same value matches; one left out stays', () => {
    expect(stored(ruleType, rule({ ...same, note: 'N', born: 'B', marks: ['m'] }), before)).toEqual(before)
    expect(stored(ruleType, rule({ ...same, note: 'N' }), before)).toMatchObject({ born: 'B', marks: ['m'] })
  })

  test('immutable: a first value is applied, on create and later', () => {
    expect(stored(ruleType, rule({ born: 'B' }))).toMatchObject({ born: 'B' })
    expect(stored(ruleType, rule({ born: 'B', marks: ['m'], seat: { row: '1' } }), settled({}))).toMatchObject({
      born: 'B',
      marks: ['m'],
      seat: { row: '1' },
    })
  })

  test('readOnly on create: not there', () => {
    expect(stored(ruleType, rule({ serial: 'S', [extensionUrn]: { grade: 'A', batch: '9' } }))).toEqual(settled({}))
  })

  test('the given document is unchanged', () => {
    const copy = structuredClone(before)
    stored(ruleType, rule({ ...same, note: 'other' }), before)
    expect(before).toEqual(copy)
  })
})
