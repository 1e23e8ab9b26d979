/** Values without path in a list of one, or as JSON text (SCIM-SDK). */
import { describe, expect, test } from '@jest/globals'
import { type Interop, interopFrom } from '../../../src/interop.js'
import type { JsonValue } from '../../../src/json/value.js'
import { defaultLimits, type Limits } from '../../../src/limits.js'
import { withPlainValues } from '../../../src/patch/parse/wrapped-value.js'
import { cpuMilliseconds } from '../../filter/support/effort.js'
import { core, enterprise, plain, refusal, userType } from '../../resource/support/reading.js'
import { message, outcome, patchWith } from '../support/patching.js'

const before = { id: 'x', userName: 'b', name: { givenName: 'A' }, [enterprise]: { division: 'X' } }
const value = { active: false, 'name.familyName': 'J', emails: [{ value: 'e' }], [enterprise]: { department: 'D' } }
const replacing = (given: JsonValue, path?: JsonValue): JsonValue =>
  message({ op: 'replace', value: given, ...(path !== undefined && { path }) })
const refused = (given: JsonValue, interop: Interop = 'lenient', limits: Limits = defaultLimits): string | number =>
  refusal(() => patchWith(userType, before, replacing(given), interop, limits))

describe.each<[string, JsonValue]>([
  ['a list of one object', [value]],
  ['the JSON text of one object', JSON.stringify(value)],
  ['its text with white space around', ` \n${JSON.stringify(value, null, 2)}\n`],
])('%s', (_title, wrapped) => {
  test.each<[Interop]>([['lenient'], ['entra']])('has the same result as the object in %s', (interop) => {
    const expected = patchWith(userType, before, replacing(value), interop)
    expect(expected.after).toMatchObject({ active: false, name: { givenName: 'A', familyName: 'J' } })
    expect(patchWith(userType, before, replacing(wrapped), interop)).toEqual(expected)
    expect(patchWith(userType, before, replacing(wrapped, core), interop)).toEqual(expected)
    expect(patchWith(userType, before, replacing(wrapped, null), interop)).toEqual(expected)
  })

  test('is 400 invalidValue in strict', () => {
    expect(refused(wrapped, 'strict')).toBe('invalidValue')
  })
})

test.each<[string, JsonValue]>([
  ['no element', []],
  ['two elements', [{ title: 'a' }, { title: 'b' }]],
  ['an object and null', [{ title: 'a' }, null]],
  ['an element in a list', [[{ title: 'a' }]]],
  ['an element in text', ['{"title":"a"}']],
  ['a null', [null]],
  ['empty text', ''],
  ['plain text', 'title'],
  ['half an object', '{"title":"a"'],
  ['two objects', '{"title":"a"}{"title":"b"}'],
  ['the text of a list', '[{"title":"a"}]'],
  ['the text of a text', '"{}"'],
  ['the text of null', 'null'],
  ['the text of a number', '1'],
  ['a duplicate key', '{"title":"a","title":"b"}'],
  ['a prototype', '{"name":{"__proto__":{"polluted":true}}}'],
  ['a constructor', '{"constructor":{"prototype":{}}}'],
  ['U+0000', '{"title":"a\\u0000"}'],
  ['half a surrogate pair', '{"title":"\\ud800"}'],
  ['a number too large', '{"title":1e999}'],
  ['a thousand levels', `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`],
  ['too many keys', JSON.stringify(Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, 1])))],
])('%s: 400 invalidValue', (_title, given) => {
  for (const interop of ['lenient', 'entra', 'strict'] as const) expect(refused(given, interop)).toBe('invalidValue')
})

test('a text at a path stays a text', () => {
  const text = '{"title":"a"}'
  expect(patchWith(userType, before, replacing(text, 'title')).after).toMatchObject({ title: text })
})

test('a value in text may be as deep as the same value outside one, and no deeper', () => {
  const nested = (levels: number): string => `{"x":${'['.repeat(levels)}${']'.repeat(levels)}}`
  // The body, Operations, the operation, the object.
  expect(outcome(userType, before, replacing(nested(defaultLimits.jsonDepth - 4)), 'lenient')).toMatchObject({
    id: 'x',
  })
  expect(refused(nested(defaultLimits.jsonDepth - 3))).toBe('invalidValue')
})

test('the values in all texts of a body count together', () => {
  const limits = { ...defaultLimits, jsonValues: 10 }
  const four = { op: 'add', value: '{"title":"a","nickName":"b","active":true}' }
  const patched = (count: number) =>
    patchWith(userType, before, message(...Array.from({ length: count }, () => four)), 'lenient', limits)
  expect(patched(2).after).toMatchObject({ title: 'a' })
  expect(refusal(() => patched(3))).toBe('invalidValue')
})

test('a thousand texts cost no more than their length', () => {
  const text = JSON.stringify({ x: Array.from({ length: 4_000 }, (_, i) => i) })
  const started = cpuMilliseconds()
  patchWith(userType, before, message(...Array.from({ length: 200 }, () => ({ op: 'add', value: text }))))
  expect(cpuMilliseconds() - started).toBeLessThan(2_000)
})

describe('in a bulk request', () => {
  const plainly = (body: JsonValue, interop: Interop = 'lenient'): JsonValue =>
    plain(withPlainValues(body, userType, interopFrom(interop), defaultLimits))

  test('texts without path are objects, whatever the spelling of names', () => {
    expect(plainly({ operations: [{ Op: 'Add', VALUE: '{"title":"bulkId:a"}' }] })).toEqual({
      operations: [{ Op: 'Add', VALUE: { title: 'bulkId:a' } }],
    })
  })

  test.each<[string, JsonValue]>([
    ['a text at a path', message({ op: 'add', path: 'title', value: '{"title":"a"}' })],
    ['a text that is not JSON', message({ op: 'add', value: '{' })],
    ['a value that is not an operation', message('x', null, [])],
    ['a body without a list', { Operations: '{}' }],
    ['a body that is not a message', ['{}']],
  ])('%s stays', (_title, body) => {
    expect(plainly(body)).toEqual(body)
  })

  test('in strict all of them stay', () => {
    const body = message({ op: 'add', value: '{"title":"a"}' })
    expect(plainly(body, 'strict')).toEqual(body)
  })
})
