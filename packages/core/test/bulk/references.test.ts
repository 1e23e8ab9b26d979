/** References to resources that the same request creates. @see RFC 7644 §3.7.2 */
import { describe, expect, test } from '@jest/globals'
import { nameOf } from '../../src/bulk/reference-name.js'
import { referenceIn, referencesIn, resolveReferences } from '../../src/bulk/references.js'
import type { JsonValue } from '../../src/json/value.js'

const ids: Readonly<Record<string, string>> = { q: 'id-q', 'a b': 'id-ab', '"': 'id-quote', odd: 'x"y/z' }
const idOf = (bulkId: string): string | undefined => (Object.hasOwn(ids, bulkId) ? ids[bulkId] : undefined)

test('a whole text with the prefix, as the RFC spells it', () => {
  expect(referenceIn('bulkId:q')).toBe('q')
  expect(referenceIn('bulkId:')).toBe('')
  expect(referenceIn('bulkId:bulkId:q')).toBe('bulkId:q')
  for (const text of ['q', '', 'bulkid:q', 'BULKID:q', ' bulkId:q', 'xbulkId:q'])
    expect(referenceIn(text)).toBe(undefined)
})

describe('in data', () => {
  test.each<[string, JsonValue, JsonValue, readonly string[]]>([
    ['a member', { members: [{ value: 'bulkId:q' }] }, { members: [{ value: 'id-q' }] }, ['q']],
    ['a manager', { manager: { value: 'bulkId:q' } }, { manager: { value: 'id-q' } }, ['q']],
    ['a text for an object', { manager: 'bulkId:q' }, { manager: 'id-q' }, ['q']],
    ['texts in a list', ['bulkId:q', 'x', 'bulkId:a b'], ['id-q', 'x', 'id-ab'], ['q', 'a b']],
    [
      'any attribute of an extension',
      { 'urn:x:y': { ownerId: 'bulkId:q' } },
      { 'urn:x:y': { ownerId: 'id-q' } },
      ['q'],
    ],
    ['one that is not there', { value: 'bulkId:none' }, { value: 'bulkId:none' }, ['none']],
    ['the last segment of a $ref', { $ref: '../Users/bulkId:q' }, { $ref: '../Users/id-q' }, ['q']],
    ['an absolute $ref', { $REF: 'https://x/v2/Users/bulkId:q' }, { $REF: 'https://x/v2/Users/id-q' }, ['q']],
    ['a $ref of an id that needs it, encoded', { $ref: '/Users/bulkId:odd' }, { $ref: '/Users/x%22y%2Fz' }, ['odd']],
    ['a $ref that is a reference as a whole', { $ref: 'bulkId:q' }, { $ref: 'id-q' }, ['q']],
    ['a filter', { path: 'members[value eq "bulkId:q"]' }, { path: 'members[value eq "id-q"]' }, ['q']],
    [
      'a filter with several, and parts after it',
      { Path: 'members[value eq "bulkId:q" or value eq "y" or value eq "bulkId:a b"].type' },
      { Path: 'members[value eq "id-q" or value eq "y" or value eq "id-ab"].type' },
      ['q', 'a b'],
    ],
    ['a filter with escapes', { path: 'x[value eq "bulkId:\\""]' }, { path: 'x[value eq "id-quote"]' }, ['"']],
    ['a filter on an id that needs them', { path: 'x[y eq "bulkId:odd"]' }, { path: 'x[y eq "x\\"y/z"]' }, ['odd']],
  ])('%s', (_, before, after, found) => {
    expect(resolveReferences(before, idOf)).toEqual(after)
    expect([...referencesIn(before)]).toEqual(found)
  })

  test.each<[string, JsonValue]>([
    ['text within other text', { title: 'see bulkId:q', path: 'bulkId', note: '/Users/bulkId:q' }],
    ['a name of an attribute', { 'bulkId:q': 1 }],
    ['a value that is not text', [1, true, null, { a: [[]] }]],
    ['a quote that does not close', { path: 'members[value eq "bulkId:q' }],
    ['quotes around a text that is not JSON', { path: 'members[value eq "bulkId:\\q"]' }],
    ['a filter of another attribute than path', { value: 'members[value eq "bulkId:q"]' }],
  ])('%s is not a reference, and the value stays the same object', (_, value) => {
    expect(resolveReferences(value, idOf)).toBe(value)
    expect([...referencesIn(value)]).toEqual([])
  })

  test('unchanged parts are shared', () => {
    const name = { givenName: 'A' }
    const data = { name, members: [{ value: 'bulkId:q' }] }
    const after = resolveReferences(data, idOf) as typeof data
    expect(after.name).toBe(name)
    expect(data.members).toEqual([{ value: 'bulkId:q' }])
  })

  test('names with a meaning in JavaScript are plain names', () => {
    const data = JSON.parse('{"__proto__":{"x":"bulkId:q"},"constructor":"bulkId:q"}') as JsonValue
    expect(JSON.stringify(resolveReferences(data, idOf))).toBe('{"__proto__":{"x":"id-q"},"constructor":"id-q"}')
    expect(Object.prototype).not.toHaveProperty('x')
  })
})

test('an error shows only a plain bulkId', () => {
  expect(nameOf('qwerty-1_2.3')).toBe('bulkId "qwerty-1_2.3"')
  for (const text of ['', 'a b', '<x>', 'é', 'x'.repeat(65)]) expect(nameOf(text)).toBe('a bulkId that is not shown')
})
