import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ScimError } from '../../../src/errors.js'
import { checkParsed, readJson } from '../../../src/http/body/read-json.js'
import { type JsonValue, jsonEqual } from '../../../src/json/value.js'
import { defaultLimits, type Limits, limitsFrom } from '../../../src/limits.js'
import { cpuMilliseconds } from '../../filter/support/effort.js'

const read = (text: string, limits: Limits = defaultLimits): JsonValue =>
  readJson(new TextEncoder().encode(text), limits)

/** The value, or the scimType of the refusal; anything but a ScimError of status 400 fails the test. */
function outcome(run: () => JsonValue): { value: JsonValue } | { refused: string | undefined } {
  try {
    return { value: run() }
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    expect(error.status).toBe(400)
    return { refused: error.scimType }
  }
}

const syntax = { refused: 'invalidSyntax' }
const badValue = { refused: 'invalidValue' }

function tryNative(text: string): { value: JsonValue } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const forbiddenKeys = ['__proto__', 'constructor', 'prototype']
const isSoundText = (text: string) =>
  !text.includes('\0') && (text as { isWellFormed(): boolean } & string).isWellFormed()

/**
 * Whether a value that `JSON.parse` accepts has a part that this server refuses (`JSON.parse` cannot detect duplicate
 * keys).
 */
function isRefused(value: JsonValue): boolean {
  if (typeof value === 'string') return !isSoundText(value)
  if (typeof value === 'number') return !Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([name, inner]) =>
      (!Array.isArray(value) && (forbiddenKeys.includes(name) || !isSoundText(name))) || isRefused(inner),
  )
}

/** Values with everything that can break a parser: forbidden keys, odd characters, odd numbers. */
const hurtful: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom<JsonValue>(null, true, false, 0, -1.5e-7, 1e21, 123456789012345, '', '\0', '\ud800', 'é\u2028🦊'),
    fc.string({ unit: 'binary' }),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.oneof(
        { weight: 9, arbitrary: fc.string({ unit: 'binary' }) },
        fc.constantFrom(...forbiddenKeys, '\udfff', '\0'),
      ),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
})).value

const ends = '{}[]",:\\u0123456789eE+-. \t\n\r\0truefalsn/\u00e9\u2028🦊'
const junk = fc.string({ unit: fc.constantFrom(...ends), maxLength: 3 })

describe('readJson agrees with JSON.parse', () => {
  test('on every JSON value, except for its documented refusals', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), hurtful), fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const found = outcome(() => read(text))
        if (isRefused(JSON.parse(text))) expect(found).not.toHaveProperty('value')
        else expect(found).toEqual({ value: JSON.parse(text) })
      }),
      { numRuns: 2_000 },
    )
  })

  test('on which mutated texts are JSON at all, and on their meaning', () => {
    const mutated = fc
      .tuple(
        fc.oneof(
          fc.json(),
          hurtful.map((value) => JSON.stringify(value)),
        ),
        fc.nat(),
        fc.nat({ max: 3 }),
        junk,
      )
      .map(([text, place, cut, insert]) => {
        const at = place % (text.length + 1)
        return text.slice(0, at) + insert + text.slice(at + cut)
      })
      // Encoding would replace half a surrogate pair by U+FFFD before the parser sees it.
      .filter((text) => (text as { isWellFormed(): boolean } & string).isWellFormed())
    fc.assert(
      fc.property(mutated, (text) => {
        const native = tryNative(text)
        const found = outcome(() => read(text))
        if (native === undefined) expect(found).not.toHaveProperty('value')
        else if ('value' in found) expect(jsonEqual(found.value, native.value)).toBe(true)
        else if (!isRefused(native.value)) expect(hasDuplicates(text, native.value)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })

  // A refusal of this parser for duplicate keys: the native parser keeps fewer keys than there are colons outside
  // strings.
  function hasDuplicates(text: string, value: JsonValue): boolean {
    let colons = 0
    let inText = false
    for (let at = 0; at < text.length; at++) {
      if (inText && text[at] === '\\') at++
      else if (text[at] === '"') inText = !inText
      else if (!inText && text[at] === ':') colons++
    }
    const keys = (inner: JsonValue): number =>
      typeof inner !== 'object' || inner === null
        ? 0
        : (Array.isArray(inner) ? 0 : Object.keys(inner).length) +
          Object.values(inner).reduce((sum: number, each: JsonValue) => sum + keys(each), 0)
    return colons > keys(value)
  }
})

describe('refusals of readJson', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['white space only', ' \n'],
    ['garbage behind', '{} {}'],
    ['a comma too many', '[1,]'],
    ['a comma too many in an object', '{"a":1,}'],
    ['a missing colon', '{"a" 1}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{/**/}'],
    ['NaN', 'NaN'],
    ['a number with a zero in front', '01'],
    ['a number that ends in a dot', '1.'],
    ['a number that starts with a dot', '.1'],
    ['a number with a plus', '+1'],
    ['half an exponent', '1e'],
    ['a line break in a string', '"a\nb"'],
    ['an unknown escape', '"\\x41"'],
    ['half an escape', '"\\u00"'],
    ['a string without end', '"abc'],
    ['a string that ends in a backslash', '"abc\\'],
    ['an array without end', '[1'],
    ['an object without end', '{"a":1'],
    ['another kind of space', '\u00a0{}'],
    ['a second byte order mark', '\ufeff\ufeff{}'],
  ])('as invalidSyntax: %s', (_, text) => {
    expect(outcome(() => read(text))).toEqual(syntax)
  })

  test('bytes that are not UTF-8', () => {
    const bad = [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xe2, 0x82, 0x22],
    ]
    for (const bytes of bad) expect(outcome(() => readJson(Uint8Array.from(bytes), defaultLimits))).toEqual(syntax)
    const utf16 = Uint8Array.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])
    expect(outcome(() => readJson(utf16, defaultLimits))).toEqual(syntax)
  })

  test('one byte order mark is dropped', () => {
    expect(read('\ufeff{}')).toEqual({})
  })

  test.each([
    ['duplicate keys', '{"a":1,"b":2,"a":3}', syntax],
    ['duplicate keys, one of them escaped', '{"a":1,"\\u0061":3}', syntax],
    ['duplicate keys deep inside', '[{"x":[{"a":1,"a":1}]}]', syntax],
    ['U+0000', '"a\\u0000b"', badValue],
    ['U+0000 in a key', '{"\\u0000":1}', badValue],
    ['half a pair', '"\\ud83d"', badValue],
    ['half a pair, then something else', '"\\ud83d\\u0041"', badValue],
    ['halves in the wrong order', '"\\udd8a\\ud83d"', badValue],
    ['half a pair in a key', '{"\\udd8a":1}', badValue],
    ['a number without bounds', '1e999', badValue],
    ['a number without bounds below', '[-1E+400]', badValue],
  ])('%s', (_, text, expected) => {
    expect(outcome(() => read(text))).toEqual(expected)
  })

  test('keys with a meaning in JavaScript objects, at any depth, in any spelling', () => {
    for (const name of [...forbiddenKeys, '\\u005f_proto__', 'con\\u0073tructor']) {
      for (let depth = 0; depth < 31; depth++) {
        const text = `${'{"a":['.repeat(depth / 2)}{"${name}":{"polluted":true}}${']}'.repeat(depth / 2)}`
        expect(outcome(() => read(text))).toEqual(syntax)
        expect(outcome(() => checkParsed(JSON.parse(text), defaultLimits))).toEqual(syntax)
      }
    }
    expect(({} as { polluted?: true }).polluted).toBeUndefined()
    for (const prototype of [Object.prototype, Array.prototype, Function.prototype]) {
      expect(Object.keys(prototype)).toEqual([])
    }
  })

  test('the text of an error never repeats the input', () => {
    for (const text of ['{"secret', '["secret",]', '{"a":"secret\\u0000"}', '{"secret":1,"secret":2}', 'secret']) {
      expect(() => read(text)).not.toThrow(/secret/)
      expect(() => read(text)).toThrow(ScimError)
    }
  })
})

/** Every name that an object has from its prototypes. */
function inherited(object: unknown): readonly PropertyKey[] {
  const names: PropertyKey[] = []
  for (let at: object | null = Object.getPrototypeOf(object); at !== null; at = Object.getPrototypeOf(at)) {
    expect(Object.isFrozen(at)).toBe(true)
    names.push(...Reflect.ownKeys(at))
  }
  return names
}

describe('results of readJson', () => {
  test('objects that inherit nothing, at any depth', () => {
    const value = read('{"a":[{"b":{}}],"toString":1}') as { a: [{ b: object }] }
    for (const object of [value, value.a[0], value.a[0].b]) expect(inherited(object)).toEqual([])
    expect('hasOwnProperty' in value).toBe(false)
  })

  test('one kind of zero', () => {
    for (const text of ['-0', '-0.0', '-0e5', '-1e-999']) expect(Object.is(read(text), 0)).toBe(true)
  })

  test('pairs, escapes and every plane', () => {
    expect(read('"\\ud83e\\udd8a \\"\\\\\\/\\b\\f\\n\\r\\t é \u2028 🦊"')).toBe('🦊 "\\/\b\f\n\r\t é \u2028 🦊')
  })
})

describe('limits hold exactly, for this parser and for the others', () => {
  const limits = limitsFrom({ jsonDepth: 3, objectKeys: 3, arrayLength: 4, jsonValues: 6, stringLength: 5 })
  test.each([
    ['depth', '[[{}]]', '[[{"a":[]}]]', syntax],
    ['keys', '{"a":1,"b":1,"c":1}', '{"a":1,"b":1,"c":1,"d":1}', syntax],
    ['elements', '[1,2,3,4]', '[1,2,3,4,5]', syntax],
    ['values', '[[1,2],[3]]', '[[1,2],[3,4]]', syntax],
    ['length', '"12345"', '"123456"', badValue],
    ['length, in UTF-16 units', '"🦊🦊1"', '"🦊🦊🦊"', badValue],
    ['length, escaped', '"\\u0031\\u0032345"', '"\\u0031\\u00323456"', badValue],
    ['length, all escaped', `"${'\\u0031'.repeat(5)}"`, `"${'\\u0031'.repeat(6)}"`, badValue],
    ['length of a key', '{"12345":1}', '{"123456":1}', badValue],
  ])('%s', (_, most, tooMuch, expected) => {
    for (const run of [(text: string) => read(text, limits), (text: string) => checkParsed(JSON.parse(text), limits)]) {
      expect(outcome(() => run(most))).toEqual({ value: JSON.parse(most) })
      expect(outcome(() => run(tooMuch))).toEqual(expected)
    }
  })

  test('hostile megabytes are answered in milliseconds', () => {
    const size = 1_000_000
    for (const unit of ['[', '{"a":', '"', '[1,', '\\"', ' ', '1', '-', '{"a":1,', '[]', 'e']) {
      const bytes = new TextEncoder().encode(unit.repeat(size / unit.length))
      // The quickest of five: the garbage collector may run in the middle.
      const times = Array.from({ length: 5 }, () => {
        const started = cpuMilliseconds()
        expect(outcome(() => readJson(bytes, defaultLimits))).not.toHaveProperty('value')
        return cpuMilliseconds() - started
      })
      expect(Math.min(...times)).toBeLessThan(50)
    }
    expect(outcome(() => read(`"${'\\u0000'.repeat(size / 6)}"`))).toEqual(badValue)
    expect(outcome(() => read(`0.${'0'.repeat(size)}1`))).toEqual({ value: 0 })
  })
})

describe('checkParsed', () => {
  test('copies the result of JSON.parse, into objects that inherit nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), hurtful), (value) => {
        const parsed: JsonValue = JSON.parse(JSON.stringify(value))
        const found = outcome(() => checkParsed(parsed, defaultLimits))
        if (isRefused(parsed)) expect(found).not.toHaveProperty('value')
        else expect(found).toEqual({ value: parsed })
      }),
    )
    const source = { a: [{ b: {} }] }
    const copy = checkParsed(source, defaultLimits) as typeof source
    for (const object of [copy, copy.a[0], copy.a[0]?.b]) expect(inherited(object)).toEqual([])
    expect(copy.a[0]).not.toBe(source.a[0])
  })

  const cycle: unknown[] = []
  cycle.push(cycle)
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['undefined inside', { a: undefined }],
    ['a hole', new Array(3)],
    ['a function', { toJSON: () => 1 }],
    ['a symbol', Symbol('a')],
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['a buffer', { a: Buffer.from('a') }],
    ['a map', new Map()],
    ['an instance', new (class Own {})()],
    ['a cycle', cycle],
  ])('refuses %s', (_, value) => {
    expect(outcome(() => checkParsed(value, defaultLimits))).toEqual(syntax)
  })

  test.each<[string, unknown]>([
    ['NaN', [Number.NaN]],
    ['Infinity', JSON.parse('1e999')],
    ['U+0000', { a: '\0' }],
    ['half a pair', '\ud800'],
    ['half a pair in a key', { '\udc00': 1 }],
  ])('refuses %s', (_, value) => {
    expect(outcome(() => checkParsed(value, defaultLimits))).toEqual(badValue)
  })
})
