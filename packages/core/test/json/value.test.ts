import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  canonicalJson,
  deepCopy,
  emptyObject,
  type JsonValue,
  jsonEqual,
  own,
  shallowCopy,
} from '../../src/json/value.js'
import { effort } from '../filter/support/effort.js'

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>

/** The same value with the keys of every object in the reverse order. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const copy = emptyObject()
  for (const [name, inner] of Object.entries(value).reverse()) copy[name] = reversed(inner)
  return copy
}

describe('canonicalJson', () => {
  test.each<[JsonValue, string]>([
    [{ b: 1, a: { d: [], c: {} } }, '{"a":{"c":{},"d":[]},"b":1}'],
    [[3, 1, 2], '[3,1,2]'],
    [{ é: '\u2028', '"': '\\' }, '{"\\"":"\\\\","é":"\u2028"}'],
    [[null, true, 'x', 1.5, 1e21], '[null,true,"x",1.5,1e+21]'],
    [{ 10: 1, 9: 2 }, '{"10":1,"9":2}'],
  ])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  test('reads back as the same, with any order of keys, and differs where the values do', () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(
          jsonEqual(JSON.parse(canonicalJson(left)) as JsonValue, JSON.parse(JSON.stringify(left)) as JsonValue),
        ).toBe(true)
        expect(canonicalJson(reversed(left))).toBe(canonicalJson(left))
        expect(canonicalJson(left) === canonicalJson(right)).toBe(
          jsonEqual(JSON.parse(JSON.stringify(left)) as JsonValue, JSON.parse(JSON.stringify(right)) as JsonValue),
        )
      }),
      effort(500),
    )
  })
})

describe('jsonEqual', () => {
  test.each<[JsonValue | undefined, JsonValue | undefined, boolean]>([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [[1, 2], [2, 1], false],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: null }, { b: null }, false],
    [[], {}, false],
    [{}, [], false],
    [{ 0: 'a' }, ['a'], false],
    [null, undefined, false],
    [null, {}, false],
    ['1', 1, false],
    [undefined, undefined, true],
    [{ toString: 1 }, {}, false],
    [{}, { toString: 1 }, false],
  ])('%j and %j: %s', (left, right, expected) => {
    expect(jsonEqual(left, right)).toBe(expected)
  })

  test('agrees with itself', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(jsonEqual(value, reversed(value))).toBe(true)
        expect(jsonEqual(value, deepCopy(value))).toBe(true)
      }),
      effort(300),
    )
  })
})

describe('objects from outside', () => {
  test('inherit nothing', () => {
    const object = emptyObject()
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf']) {
      expect(object[name]).toBeUndefined()
      expect(name in object).toBe(false)
    }
    Reflect.set(object, '__proto__', 'a key')
    expect(Object.keys(object)).toEqual(['__proto__'])
    expect('a key' in {}).toBe(false)
    expect(emptyObject()).not.toHaveProperty('__proto__')
  })

  test('own ignores inherited properties', () => {
    expect(own({ a: 1 }, 'a')).toBe(1)
    expect(own({}, 'toString')).toBeUndefined()
    expect(own({}, '__proto__')).toBeUndefined()
  })

  test('copies share nothing; shallow ones share the values below', () => {
    const source = JSON.parse('{"a":{"b":[{"c":1}]},"__proto__":{"polluted":1}}') as { a: { b: JsonValue[] } }
    const deep = deepCopy(source as unknown as JsonValue) as unknown as typeof source
    expect(deep).toEqual(source)
    expect(deep.a).not.toBe(source.a)
    expect(deep.a.b[0]).not.toBe(source.a.b[0])
    expect(Object.keys(deep)).toEqual(['a', '__proto__'])
    expect(shallowCopy(source as never).a).toBe(source.a)
    expect('polluted' in {}).toBe(false)
  })
})
