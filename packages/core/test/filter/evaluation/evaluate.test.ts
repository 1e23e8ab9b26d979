import { describe, expect, test } from '@jest/globals'
import { evaluate, evaluateElement } from '../../../src/filter/evaluation/evaluate.js'
import { parseBracketFilter, parseFilter } from '../../../src/filter/parse.js'
import type { JsonObject, JsonValue } from '../../../src/json/value.js'
import { resolvePath } from '../../../src/schema/path.js'
import { cpuMilliseconds } from '../support/effort.js'
import { lenient, limits, thingExtension, thingType } from '../support/types.js'

const thing: JsonObject = {
  schemas: ['urn:example:params:scim:schemas:2.0:Thing', thingExtension],
  id: 'Ab1',
  text: 'Straße Nº1',
  exact: 'Abc',
  link: 'https://example.com/A',
  flag: false,
  count: 10,
  weight: 0.5,
  born: '2011-05-13T04:42:34Z',
  blob: 'YWJj',
  tags: ['Red', 'green'],
  scores: [1, 5],
  place: { street: 'Main', floor: 2 },
  owner: { value: 'U1' },
  parts: [
    { value: 'Bolt', type: 'work', primary: true, size: 3, aliases: ['screw', 'pin'], $ref: 'https://x/Bolt' },
    { value: 'Nut', type: 'home', size: 7 },
  ],
  keyring: { pin: '1234' },
  meta: { resourceType: 'Thing', version: 'W/"1-abc"', lastModified: '2011-05-13T04:42:34.500Z' },
  [thingExtension]: { colour: 'Blue', keeper: { value: 'K1', since: '2020-01-01T00:00:00Z' }, hidden: 'x' },
}

function matches(text: string, resource: JsonObject = thing): boolean {
  return evaluate(parseFilter(text, thingType, lenient, limits), resource)
}

// RFC 7644 §3.4.2.2, table 3
describe('each operator on each type', () => {
  test.each<[string, boolean]>([
    // string, caseExact false (RFC 7643 §2.2)
    ['text eq "STRASSE Nº1"', false],
    ['text eq "STRAßE Nº1"', true],
    ['text eq "straße nº1"', true],
    ['text ne "straße nº1"', false],
    ['text ne "other"', true],
    ['text co "SSE"', false],
    ['text co "AßE"', true],
    ['text co ""', true],
    ['text sw "STRA"', true],
    ['text sw "traße"', false],
    ['text ew "º1"', true],
    ['text ew "º"', false],
    ['text gt "straß"', true],
    ['text ge "straße nº1"', true],
    ['text gt "straße nº1"', false],
    ['text lt "T"', true],
    ['text le "A"', false],
    // string, caseExact true
    ['exact eq "Abc"', true],
    ['exact eq "abc"', false],
    ['exact ne "abc"', true],
    ['exact co "b"', true],
    ['exact co "B"', false],
    ['exact sw "A"', true],
    ['exact sw "a"', false],
    ['exact ew "BC"', false],
    ['exact lt "a"', true],
    ['id eq "ab1"', false],
    ['id eq "Ab1"', true],
    // reference
    ['link eq "https://example.com/A"', true],
    ['link eq "https://example.com/a"', false],
    ['link sw "https://"', true],
    // boolean
    ['flag eq false', true],
    ['flag eq true', false],
    ['flag ne true', true],
    ['flag eq "False"', true],
    ['flag pr', true],
    // numbers compare as numbers, not as text
    ['count eq 10', true],
    ['count eq 10.0', true],
    ['count eq 1e1', true],
    ['count gt 9', true],
    ['count ge 10', true],
    ['count lt 9', false],
    ['count le 10', true],
    ['count ne 10', false],
    ['weight lt 1', true],
    ['weight eq 0.50', true],
    // dateTime: by instant, in any zone; parts of it as text
    ['born eq "2011-05-13T06:42:34+02:00"', true],
    ['born ne "2011-05-13T06:42:34+02:00"', false],
    ['born gt "2011-05-13T04:42:33Z"', true],
    ['born lt "2011-05-13T04:42:34.001Z"', true],
    ['born ge "2011-05-13T04:42:34Z"', true],
    ['born le "2011-05-12T23:42:34-05:00"', true],
    ['born sw "2011-05"', true],
    ['born co "T04"', true],
    ['born ew "Z"', true],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', true],
    ['meta.version eq "W/\\"1-abc\\""', true],
    // binary: case always counts (errata 6000)
    ['blob eq "YWJj"', true],
    ['blob eq "ywjj"', false],
    ['blob sw "YW"', true],
  ])('%s is %p', (text, expected) => {
    expect(matches(text)).toBe(expected)
    expect(matches(`not (${text})`)).toBe(!expected)
  })
})

// RFC 7644 §3.4.2.2: "the filter matches if any of the values … match"
describe('multi-valued and complex attributes', () => {
  test.each<[string, boolean]>([
    ['tags eq "RED"', true],
    ['tags eq "blue"', false],
    ['tags ne "red"', true],
    ['tags[value eq "red"]', true],
    ['scores gt 4', true],
    ['scores gt 1 and scores lt 5', true],
    ['scores[value gt 1 and value lt 5]', false],
    ['parts eq "bolt"', true],
    ['parts.value eq "nut"', true],
    ['parts.aliases eq "Screw"', true],
    ['parts.$ref sw "https://"', true],
    ['parts.type eq "work" and parts.size eq 7', true],
    ['parts[type eq "work" and size eq 7]', false],
    ['parts[type eq "home" and size eq 7]', true],
    ['parts[type eq "home"].size eq 7', true],
    ['parts[type eq "work"].size eq 7', false],
    ['parts[aliases eq "pin"]', true],
    ['parts[primary ne true]', true],
    ['parts[primary eq null]', true],
    ['parts[not (primary pr)]', true],
    ['parts[not (size gt 1)]', false],
    ['parts[type eq "work" and (size eq 7 or value sw "b")]', true],
    ['place.floor eq 2', true],
    ['place[street eq "main" and floor eq 2]', true],
    ['place[street eq "main" and floor eq 3]', false],
    ['owner eq "U1"', true],
    ['owner eq "u1"', false],
    ['colour eq "blue"', true],
    [`${thingExtension}:colour eq "blue"`, true],
    [`${thingExtension}:keeper eq "K1"`, true],
    ['keeper.since lt "2021-01-01T00:00:00Z"', true],
    [`schemas eq "${thingExtension}"`, true],
    [`schemas eq "${thingExtension.toUpperCase()}"`, false],
  ])('%s is %p', (text, expected) => {
    expect(matches(text)).toBe(expected)
  })
})

// FP-F2: two-valued logic
describe('attributes without a value', () => {
  const nothing: JsonObject[] = [
    { id: '1' },
    { id: '1', place: {}, parts: [], tags: [], [thingExtension]: {} },
    { id: '1', text: null, place: { street: null }, parts: null, tags: [null] },
  ]
  const comparisons = ['text eq "a"', 'text co ""', 'text gt ""', 'text le "z"', 'count lt 1', 'flag eq false']
  const nested = ['place.street eq "a"', 'parts.value eq "a"', 'parts[type eq "a"]', 'parts[type ne "a"]', 'tags sw ""']
  const extension = [
    'colour eq "a"',
    'keeper eq "a"',
    'text pr',
    'place pr',
    'parts pr',
    'tags pr',
    `${thingExtension} pr`,
  ]

  test.each([...comparisons, ...nested, ...extension])('%s is false, and its negation true', (text) => {
    for (const resource of nothing) {
      expect(matches(text, resource)).toBe(false)
      expect(matches(`not (${text})`, resource)).toBe(true)
    }
  })

  test.each([
    'text ne "a"',
    'count ne 1',
    'flag ne true',
    'place.street ne "a"',
    'parts.value ne "a"',
    'tags ne "a"',
    'colour ne "x"',
  ])('%s is true', (text) => {
    for (const resource of nothing) expect(matches(text, resource)).toBe(true)
  })

  test.each(['text', 'place', 'place.street', 'parts', 'parts.value', 'tags', 'colour', 'keeper', thingExtension])(
    '%s eq null is not (… pr)',
    (path) => {
      for (const resource of [...nothing, thing]) {
        expect(matches(`${path} eq null`, resource)).toBe(!matches(`${path} pr`, resource))
        expect(matches(`${path} ne null`, resource)).toBe(matches(`${path} pr`, resource))
      }
      expect(matches(`${path} pr`)).toBe(true)
    },
  )

  test.each<[string, JsonObject, boolean]>([
    ['text pr', { text: '' }, false],
    ['text pr', { text: ' ' }, true],
    ['flag pr', { flag: false }, true],
    ['count pr', { count: 0 }, true],
    ['tags pr', { tags: ['', ''] }, false],
    ['place pr', { place: { street: '' } }, false],
    ['place pr', { place: { floor: 0 } }, true],
    ['parts pr', { parts: [{}, { value: '' }] }, false],
    ['parts pr', { parts: [{}, { aliases: ['a'] }] }, true],
    ['parts.aliases pr', { parts: [{ aliases: [] }] }, false],
    ['text eq ""', { text: '' }, true],
    ['text eq ""', {}, false],
    ['parts[not (type pr)]', { parts: [null] }, false],
    ['parts[not (type pr)]', { parts: [{}] }, true],
    [`${thingExtension} pr`, { [thingExtension]: { keeper: {} } }, false],
    [`${thingExtension} pr`, { [thingExtension]: { keeper: { value: 'x' } } }, true],
    // names from outside never reach a prototype
    ['text pr', Object.create({ text: 'inherited' }) as JsonObject, false],
  ])('%s on %j is %p', (text, resource, expected) => {
    expect(matches(text, resource)).toBe(expected)
  })

  test('presence of a whole does not reveal its secret parts', () => {
    expect(matches('keyring pr')).toBe(false)
    expect(matches('keyring eq null')).toBe(true)
    expect(matches('keyring pr', { keyring: { pin: '1', label: 'a' } })).toBe(true)
    expect(matches('parts pr', { parts: [{ pin: '1' }] })).toBe(false)
    expect(matches(`${thingExtension} pr`, { [thingExtension]: { hidden: 'x' } })).toBe(false)
  })
})

describe('unknown attributes', () => {
  test.each([
    'nope eq "x"',
    'nope ne "x"',
    'nope pr',
    'nope eq null',
    'nope ne null',
    'nope gt 1',
    'text.nope pr',
    'nope[a pr]',
    'parts[nope ne "x"]',
    'urn:x:y pr',
  ])('%s matches nothing; not (…) matches all', (text) => {
    expect(matches(text)).toBe(false)
    expect(matches(`not (${text})`)).toBe(true)
    expect(matches(`${text} or text pr`)).toBe(true)
  })
})

test('text is ordered by code point, not by UTF-16 unit', () => {
  expect(matches('text gt "\uff5e"', { text: '🦊' })).toBe(true)
  expect(matches('text lt "🦊"', { text: '\uff5e' })).toBe(true)
})

test('composed and decomposed spellings are equal (RFC 7644 §5)', () => {
  expect(matches('text eq "JOSE\u0301"', { text: 'jos\u00e9' })).toBe(true)
  expect(matches('exact eq "jose\u0301"', { exact: 'jos\u00e9' })).toBe(true)
  expect(matches('text ew "\u00c9"', { text: 'jose\u0301' })).toBe(true)
})

test('a stored value of another type than the schema defines is never equal', () => {
  expect(matches('count eq 1', { count: '1' })).toBe(false)
  expect(matches('count ne 1', { count: '1' })).toBe(true)
  expect(matches('count ge 0', { count: '1' })).toBe(false)
  expect(matches('born gt "2000-01-01T00:00:00Z"', { born: 'soon' })).toBe(false)
  expect(matches('place.street eq "a"', { place: 'a' })).toBe(false)
})

// RFC 7644 §3.5.2
describe('evaluateElement', () => {
  test.each<[string, string, JsonValue, boolean]>([
    ['parts', 'type eq "WORK"', { type: 'work' }, true],
    ['parts', 'type eq "work" and size gt 1', { type: 'work', size: 1 }, false],
    ['parts', 'not (type pr)', {}, true],
    ['parts', 'type pr', 'text', false],
    ['parts', 'type pr', null, false],
    ['parts', 'aliases eq "a"', { aliases: ['b', 'A'] }, true],
    ['tags', 'value eq "RED"', 'red', true],
    ['tags', 'value sw "x"', 'red', false],
    ['keeper', 'value eq "K1"', { value: 'K1' }, true],
  ])('%s[%s] on %j is %p', (attribute, text, element, expected) => {
    const path = resolvePath(thingType, attribute, lenient)
    if (path === undefined) throw new Error(`no attribute ${attribute}`)
    expect(evaluateElement(parseBracketFilter(text, path, lenient, limits), element)).toBe(expected)
  })
})

test('a filter over 100,000 members reads each of them once', () => {
  const parts = Array.from({ length: 100_000 }, (_, i) => ({ value: `part-${i}`, type: 'a' }))
  const filter = parseFilter(
    'parts[type eq "a" and value eq "part-99999"] and parts eq "nope"',
    thingType,
    lenient,
    limits,
  )
  const started = cpuMilliseconds()
  expect(evaluate(filter, { parts })).toBe(false)
  expect(cpuMilliseconds() - started).toBeLessThan(3_000)
})
