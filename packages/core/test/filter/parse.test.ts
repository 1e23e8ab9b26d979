import { describe, expect, test } from '@jest/globals'
import { ScimError } from '../../src/errors.js'
import { parseBracketFilter, parseFilter } from '../../src/filter/parse.js'
import { printFilter } from '../../src/filter/print.js'
import type { InteropSwitches } from '../../src/interop.js'
import type { ResourceType } from '../../src/schema/attribute.js'
import { resolvePath } from '../../src/schema/path.js'
import { lenient, limits, strict, thingExtension, thingType, userType } from './support/types.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const core = 'urn:ietf:params:scim:schemas:core:2.0:User'

function canonical(text: string, type: ResourceType = thingType, interop: InteropSwitches = lenient): string {
  return printFilter(parseFilter(text, type, interop, limits))
}

function refusal(text: string, type: ResourceType = thingType, interop: InteropSwitches = lenient): ScimError {
  try {
    parseFilter(text, type, interop, limits)
  } catch (error) {
    if (error instanceof ScimError) return error
    throw error
  }
  throw new Error(`was accepted: ${text}`)
}

function expectInvalid(text: string, interop: InteropSwitches = lenient): void {
  expect(refusal(text, thingType, interop)).toMatchObject({ status: 400, scimType: 'invalidFilter' })
}

// RFC 7644 §3.4.2.2: "not" before "and" before "or"; grouping before all of them
describe('precedence and grouping', () => {
  const a = 'text eq "a"'
  const b = 'text eq "b"'
  const c = 'text eq "c"'
  test.each([
    [`${a} or ${b} and ${c}`, `${a} or ${b} and ${c}`],
    [`${a} and ${b} or ${c}`, `${a} and ${b} or ${c}`],
    [`${a} or (${b} and ${c})`, `${a} or ${b} and ${c}`],
    [`(${a} or ${b}) and ${c}`, `(${a} or ${b}) and ${c}`],
    [`((${a}))`, a],
    [`(${a} and ${b}) and ${c}`, `${a} and ${b} and ${c}`],
    [`${a} or (${b} or ${c})`, `${a} or ${b} or ${c}`],
    [`not (${a}) and ${b}`, `not (${a}) and ${b}`],
    [`not(${a} and ${b})`, `not (${a} and ${b})`],
    [`NOT(${a})`, `not (${a})`],
    [`not (not (${a}))`, `not (not (${a}))`],
    [`not   ( ${a} )`, `not (${a})`],
    [`parts[type eq "a" and (value eq "b" or size gt 1)]`, `parts[type eq "a" and (value eq "b" or size gt 1)]`],
    [`parts[not (type eq "a")]`, `parts[not (type eq "a")]`],
    [`parts[ type pr ]`, `parts[type pr]`],
    [`parts[type pr] and ${a}`, `parts[type pr] and ${a}`],
    [`not (parts[type pr])`, `not (parts[type pr])`],
  ])('%s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  test.each([`(${a} and ${b}) and ${c}`, `${a} and (${b} and ${c})`])('%s is one "and" of three', (text) => {
    expect(parseFilter(text, thingType, lenient, limits)).toMatchObject({
      kind: 'and',
      terms: [{ key: 'a' }, { key: 'b' }, { key: 'c' }],
    })
  })

  test('"or" binds loosest: the tree, not only the text', () => {
    expect(parseFilter(`${a} or ${b} and ${c}`, thingType, lenient, limits)).toMatchObject({
      kind: 'or',
      terms: [
        { kind: 'compare', key: 'a' },
        { kind: 'and', terms: [{ key: 'b' }, { key: 'c' }] },
      ],
    })
  })
})

// RFC 7643 §2.1, RFC 7644 §3.10: names, URNs and operators ignore case; answers use the schema's spelling
describe('names', () => {
  test.each([
    ['USERNAME EQ "x"', 'userName eq "x"'],
    ['Name.GivenName cO "x" AND TITLE Pr', 'name.givenName co "x" and title pr'],
    [`${core}:userName eq "x"`, 'userName eq "x"'],
    [`${core.toUpperCase()}:NAME.givenName eq "x"`, 'name.givenName eq "x"'],
    [`${enterprise}:department eq "x"`, `${enterprise}:department eq "x"`],
    [`${enterprise.toUpperCase()}:MANAGER.value eq "x"`, `${enterprise}:manager.value eq "x"`],
    [`${enterprise} pr`, `${enterprise} pr`],
    ['department eq "x"', `${enterprise}:department eq "x"`],
    ['manager eq "x"', `${enterprise}:manager.value eq "x"`],
    ['emails.$REF eq "x"', 'emails.$REF eq "x"'],
    ['groups.$REF eq "x"', 'groups.$ref eq "x"'],
    ['emails eq "x"', 'emails.value eq "x"'],
    ['emails pr', 'emails pr'],
    ['emails eq null', 'emails eq null'],
    ['schemas[value eq "x"]', 'schemas[value eq "x"]'],
    ['not eq "x"', 'not eq "x"'],
    ['pr pr', 'pr pr'],
    ['urn:custom:ext:1.0:thing eq "x"', 'urn:custom:ext:1.0:thing eq "x"'],
  ])('%s', (text, expected) => {
    expect(canonical(text, userType)).toBe(expected)
  })

  // IDP-7 is off in strict, and what is unknown there is refused; IDP-26 stays on
  test('strict knows no bare extension names', () => {
    expectInvalid('department eq "x"', strict)
    expect(canonical(`${enterprise}:department eq "x"`, userType, strict)).toBe(`${enterprise}:department eq "x"`)
    expect(canonical('emails eq "x"', userType, strict)).toBe('emails.value eq "x"')
  })

  test('unknown attributes are refused without the switch', () => {
    const interop = { ...lenient, unknownFilterAttributes: false }
    for (const text of ['nope pr', 'text.nope pr', 'parts[nope pr]', 'urn:x:y:nope pr']) expectInvalid(text, interop)
  })

  test.each([
    'a..b pr',
    'a.b.c pr',
    '.a pr',
    'a. pr',
    '1a pr',
    '-a pr',
    'a:b pr',
    'urn: pr',
    'urn:x: pr',
    'a.$x pr',
    '$ pr',
  ])('%s is not an attribute path', (text) => expectInvalid(text))
})

// IDP-25
describe('a sub-attribute after brackets', () => {
  test.each([
    ['parts[type eq "work"].value eq "x"', 'parts[type eq "work" and value eq "x"]'],
    ['parts[type eq "a" and size eq 1].value sw "x"', 'parts[type eq "a" and size eq 1 and value sw "x"]'],
    ['parts[type eq "a" or size eq 1].value pr', 'parts[(type eq "a" or size eq 1) and value pr]'],
    ['parts[type eq "a"].VALUE ne "x" or flag eq true', 'parts[type eq "a" and value ne "x"] or flag eq true'],
  ])('%s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  test('is refused by strict', () => expectInvalid('parts[type eq "work"].value eq "x"', strict))
  test.each(['parts[type pr].', 'parts[type pr].value', 'parts[type pr].a.b pr', 'parts[type pr] .1 pr'])(
    '%s',
    (text) => expectInvalid(text),
  )
})

describe('syntax errors, and their position', () => {
  test.each([
    ['', 1],
    ['   ', 4],
    ['text', 5],
    ['text eq', 8],
    ['text eq ', 9],
    ['text is "a"', 6],
    ['text regex "a"', 6],
    ['text eq a', 9],
    ['text eq (1)', 9],
    ['text eq "a" text', 13],
    ['text eq "a" and', 16],
    ['text eq "a" xor text pr', 13],
    ['and text pr', 5],
    ['(text pr', 9],
    ['text pr)', 8],
    ['()', 2],
    ['not text pr', 5],
    ['not ()', 6],
    ['parts[]', 7],
    ['parts[type pr', 14],
    ['parts[type pr)', 14],
    ['parts[parts[type pr]]', 12],
    ['parts[parts.type pr]', 7],
    ['parts.value[type pr]', 1],
    [`${thingExtension}[colour pr]`, 1],
    ['text eq "a', 9],
    ['count eq 01', 10],
    ['count eq 1.', 10],
    ['count eq .5', 10],
    ['count eq -', 10],
    ['count eq 1e', 10],
    ['count eq 1e400', 10],
    ['count eq +1', 10],
    ['text+eq+"a"', 1],
    ['text eq "a"\ttext', 12],
  ])('%j at character %d', (text, character) => {
    const error = refusal(text)
    expect(error).toMatchObject({ status: 400, scimType: 'invalidFilter' })
    expect(error.message).toContain(`at character ${character}:`)
  })

  // SEC-16
  test('messages never echo the input', () => {
    for (const text of [
      'text eq <script>',
      '<script> pr',
      'flag eq "<script>"',
      'text <script> "a"',
      'urn:<script>: pr',
    ]) {
      expect(refusal(text).message).not.toContain('script')
    }
  })
})

// RFC 7644 §3.4.2.2, table 3; FP-F1, FP-F3
describe('operators and values by type', () => {
  test.each([
    'flag gt true',
    'flag co true',
    'flag sw "t"',
    'blob gt "YQ=="',
    'blob le "YQ=="',
    'count co 1',
    'weight sw 1',
    'count eq "1"',
    'text eq 1.5',
    'text eq 1e300',
    'text eq true',
    'exact co false',
    'link eq 1',
    'blob eq 1',
    'flag eq 1',
    'flag eq "yes"',
    'born eq "yesterday"',
    'born gt "2011-05-13"',
    'born eq 2011',
    'born co 2011',
    'text gt null',
    'text co null',
    'flag lt null',
    'nope gt null',
    'place eq "x"',
    'parts[pin eq "1"] and',
    `${thingExtension} eq "x"`,
  ])('%s', (text) => {
    expect(refusal(text)).toHaveProperty(['status'], text.includes('pin') ? 403 : 400)
  })

  test.each([
    ['text eq "ÅB"', 'ÅB', 'åb'],
    ['text eq "A\u030a"', 'A\u030a', 'å'],
    ['exact eq "A\u030a"', 'A\u030a', 'Å'],
    ['link eq "HTTP://x"', 'HTTP://x', 'HTTP://x'],
    ['blob eq "YQ=="', 'YQ==', 'YQ=='],
    ['flag eq true', true, true],
    ['flag eq FALSE', false, false],
    ['count eq -0', 0, 0],
    ['count ge 1.5e1', 15, 15],
    ['weight lt -0.5', -0.5, -0.5],
    ['born gt "1970-01-01T01:00:00+01:00"', '1970-01-01T01:00:00+01:00', 0],
    ['born sw "2011-05"', '2011-05', '2011-05'],
    ['text eq null', null, null],
    ['flag ne null', null, null],
    ['nope gt "x"', 'x', 'x'],
    ['nope co 1', 1, 1],
    ['owner eq "X"', 'X', 'X'],
  ])('%s has its value and key', (text, value, key) => {
    expect(parseFilter(text, thingType, lenient, limits)).toMatchObject({ kind: 'compare', value, key })
  })

  // IDP-4
  test('quoted booleans are booleans, unless strict', () => {
    expect(parseFilter('parts[primary eq "True"]', thingType, lenient, limits)).toMatchObject({
      filter: { value: true },
    })
    expect(parseFilter('flag ne "FALSE"', thingType, lenient, limits)).toMatchObject({ value: false, key: false })
    expect(parseFilter('text eq "True"', thingType, lenient, limits)).toMatchObject({ value: 'True', key: 'true' })
    expectInvalid('flag eq "true"', strict)
  })

  // IDP-26
  test('a complex attribute compares with its value, unless the switch is off', () => {
    expect(canonical('owner eq "x" and parts sw "y"')).toBe('owner.value eq "x" and parts.value sw "y"')
    expectInvalid('owner eq "x"', { ...lenient, complexComparesValue: false })
    expect(canonical('owner pr', thingType, { ...lenient, complexComparesValue: false })).toBe('owner pr')
  })

  // IDP-28
  test('bare words are text only with the switch', () => {
    const interop = { ...lenient, acceptUnquotedFilterValues: true }
    expectInvalid('text eq jyoung')
    expect(canonical('text eq jyoung', thingType, interop)).toBe('text eq "jyoung"')
    expect(canonical('(text eq a@b.c) and parts[value eq x]', thingType, interop)).toBe(
      'text eq "a@b.c" and parts[value eq "x"]',
    )
    expect(canonical('text eq 0815 and count eq 815', thingType, interop)).toBe('text eq "0815" and count eq 815')
    expect(canonical('text eq true and flag eq true', thingType, interop)).toBe('text eq "true" and flag eq true')
    expect(canonical('text eq null', thingType, interop)).toBe('text eq null')
    expect(canonical('text eq "a b"', thingType, interop)).toBe('text eq "a b"')
    expectInvalid('count eq many', interop)
    expectInvalid('text eq ', interop)
    expectInvalid('text eq )', interop)
  })
})

// SEC-11, RFC 7644 §7.5.2
describe('secrets', () => {
  test.each([
    'secret eq "x"',
    'secret pr',
    'secret ne null',
    'not (SECRET pr)',
    'urn:example:params:scim:schemas:2.0:Thing:secret sw "a"',
    'vault pr',
    'vault.value eq "x"',
    'vault eq "x"',
    'vault[value pr]',
    'keyring.pin pr',
    'keyring[pin eq "1"]',
    'parts.pin sw "1"',
    'parts[pin pr]',
    'parts[type eq "a"].pin eq "1"',
    `${thingExtension}:hidden pr`,
    'hidden pr',
  ])('%s is 403 sensitive', (text) => {
    expect(refusal(text)).toMatchObject({ status: 403, scimType: 'sensitive' })
  })

  test('the password of a User', () => {
    expect(refusal('password sw "a"', userType)).toMatchObject({ status: 403, scimType: 'sensitive' })
  })
})

describe('limits', () => {
  const many = (count: number, separator: string, text: string): string => Array(count).fill(text).join(separator)

  test.each([
    ['filterLength', `text eq "${'a'.repeat(16_374)}"`, `text eq "${'a'.repeat(16_375)}"`],
    ['filterDepth', `${'('.repeat(20)}text pr${')'.repeat(20)}`, `${'('.repeat(21)}text pr${')'.repeat(21)}`],
    ['filterDepth', `${'not('.repeat(20)}text pr${')'.repeat(20)}`, `${'not('.repeat(21)}text pr${')'.repeat(21)}`],
    [
      'filterDepth',
      `${'('.repeat(19)}parts[type pr]${')'.repeat(19)}`,
      `${'('.repeat(19)}parts[(type pr)]${')'.repeat(19)}`,
    ],
    ['filterTerms', many(100, ' or ', 'text pr'), many(101, ' or ', 'text pr')],
    ['filterTerms', `parts[${many(100, ' or ', 'type pr')}]`, `parts[${many(100, ' or ', 'type pr')}].value pr`],
    ['filterValuePaths', many(20, ' or ', 'parts[type pr]'), many(21, ' or ', 'parts[type pr]')],
  ])('%s: the last that fits and the first that does not', (_name, fits, tooLarge) => {
    expect(() => parseFilter(fits, thingType, lenient, limits)).not.toThrow()
    expectInvalid(tooLarge)
  })

  test('depth counts nesting, not the number of groups', () => {
    expect(() => parseFilter(many(100, ' and ', '(text pr)'), thingType, lenient, limits)).not.toThrow()
  })
})

// RFC 7644 §3.5.2
describe('the filter of a PATCH path', () => {
  const inside = (attribute: string, text: string, interop: InteropSwitches = lenient): string => {
    const path = resolvePath(thingType, attribute, interop)
    if (path === undefined) throw new Error(`no attribute ${attribute}`)
    return printFilter(parseBracketFilter(text, path, interop, limits))
  }

  test.each([
    [
      'parts',
      'TYPE eq "work" and (size gt 1 or Primary eq "True")',
      'type eq "work" and (size gt 1 or primary eq true)',
    ],
    ['keeper', 'value eq "x"', 'value eq "x"'],
    ['tags', 'value eq "x"', 'value eq "x"'],
    ['parts', 'nope eq "x"', 'nope eq "x"'],
  ])('%s[%s]', (attribute, text, expected) => {
    expect(inside(attribute, text)).toBe(expected)
  })

  test.each([
    ['parts', ''],
    ['parts', 'type pr]'],
    ['parts', 'parts.type pr'],
    ['parts', 'aliases[value pr]'],
    ['parts', 'type eq "a"].value'],
    ['parts', 'size eq "1"'],
  ])('%s[%s] is refused', (attribute, text) => {
    expect(() => inside(attribute, text)).toThrow(expect.objectContaining({ scimType: 'invalidFilter' }))
  })

  test('secrets are secret here too', () => {
    expect(() => inside('parts', 'pin eq "1"')).toThrow(expect.objectContaining({ scimType: 'sensitive' }))
    expect(() => inside('vault', 'value pr')).toThrow(expect.objectContaining({ scimType: 'sensitive' }))
  })
})
