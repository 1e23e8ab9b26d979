import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { digest } from '#digest'
import type { JsonObject } from '../../src/json.js'
import {
  contentDigest,
  contentVersion,
  firstVersion,
  generationOf,
  httpVersion,
  nextVersion,
  parseHttpVersion,
  type RawVersion,
  rawVersion,
} from '../../src/versioning/version.js'
import { effort } from '../filter/effort.js'

const digestOf = (resource: JsonObject) => contentDigest(resource, digest)

describe('rawVersion takes 1 to 256 visible ASCII characters without a quote', () => {
  test.each(['1', '3-9f86d081884c7d659a2feaa0', '!', '~', 'a,b', 'W/x', 'a'.repeat(256)])('%j', (text) => {
    expect(rawVersion(text)).toBe(text)
  })

  test.each(['', ' ', 'a b', 'a"b', '"a"', 'a\n', '\t', '\u007f', 'é', '🦊', '\ud800', 'a'.repeat(257)])(
    'refuses %j',
    (text) => {
      expect(() => rawVersion(text)).toThrow(TypeError)
    },
  )
})

describe('the bridge (RFC 7644 §3.14: tags are weak, meta.version is the identical string)', () => {
  test('up and down', () => {
    expect(httpVersion(rawVersion('3-9f'))).toBe('W/"3-9f"')
    expect(parseHttpVersion('W/"3-9f"')).toBe('3-9f')
    expect(parseHttpVersion('"3-9f"')).toBe('3-9f')
  })

  test.each(['3-9f', '""', 'W/""', '"', 'W/"', 'w/"3-9f"', '"3-9f', '3-9f"', '"3"9f"', '"3 9f"', '"é"', '*', ''])(
    '%j is no tag of ours',
    (tag) => {
      expect(parseHttpVersion(tag)).toBeUndefined()
    },
  )

  test('what goes up comes down', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!#-~]{1,256}$/), (text) => {
        expect(parseHttpVersion(httpVersion(rawVersion(text)))).toBe(text)
      }),
      effort(300),
    )
  })
})

describe('generation and digest (decision 3)', () => {
  test('a first version is generation 1 with 96 bits of SHA-256 over the canonical document', async () => {
    const content = await digestOf({ b: 1, a: [true, null, 'x'] })
    expect(content).toBe((await digest('{"a":[true,null,"x"],"b":1}')).slice(0, 24))
    expect(firstVersion(content)).toBe(`1-${content}`)
    expect(firstVersion(content)).toMatch(/^1-[0-9a-f]{24}$/)
  })

  test('the order of keys is nothing, the order of elements is something', async () => {
    expect(await digestOf({ a: 1, b: { c: 2, d: 3 } })).toBe(await digestOf({ b: { d: 3, c: 2 }, a: 1 }))
    expect(await digestOf({ a: [1, 2] })).not.toBe(await digestOf({ a: [2, 1] }))
  })

  test.each<[JsonObject, JsonObject]>([
    [{ a: '1' }, { a: 1 }],
    [{ a: null }, {}],
    [{ a: 'x,"b":1' }, { a: 'x', b: 1 }],
    [{ a: 'é' }, { a: 'e\u0301' }],
    [{ A: 1 }, { a: 1 }],
    [{ a: [] }, { a: {} }],
  ])('%j and %j are two contents', async (left, right) => {
    expect(await digestOf(left)).not.toBe(await digestOf(right))
  })

  test('A→B→A never comes back', async () => {
    const a = await digestOf({ title: 'A' })
    const b = await digestOf({ title: 'B' })
    const first = firstVersion(a)
    const second = nextVersion(first, b)
    const third = nextVersion(second, a)
    expect([first, second, third]).toEqual([`1-${a}`, `2-${b}`, `3-${a}`])
  })

  test('no version of a walk is there twice, whatever changes', () => {
    const steps = fc.array(fc.option(fc.constantFrom('aa', 'bb', 'cc'), { nil: undefined }), { maxLength: 50 })
    fc.assert(
      fc.property(steps, (digests) => {
        const walk = [firstVersion('aa')]
        for (const content of digests) walk.push(nextVersion(walk.at(-1) as RawVersion, content))
        expect(new Set(walk).size).toBe(digests.length + 1)
        expect(walk.at(-1)).toMatch(new RegExp(`^${digests.length + 1}-`))
      }),
      effort(200),
    )
  })

  test('a change of rows or of a secret moves the generation and keeps the digest (decisions 3 and 9)', () => {
    expect(nextVersion(rawVersion('7-abc'))).toBe('8-abc')
    expect(nextVersion(rawVersion('9-abc-def'))).toBe('10-abc-def')
  })

  test.each(['abc', '-abc', 'x-abc', '1a-abc', '1.5-abc', `${'9'.repeat(16)}-abc`])(
    'a store’s own version %s: the next is some other, usable version',
    (own) => {
      for (const next of [nextVersion(rawVersion(own)), nextVersion(rawVersion(own), 'def')]) {
        expect(next).not.toBe(own)
        expect(rawVersion(next)).toBe(next)
      }
    },
  )

  test('a store’s own version of the greatest length still has a usable next one', () => {
    expect(nextVersion(rawVersion('v'.repeat(256)))).toHaveLength(256)
  })

  test.each<[string, number | undefined]>([
    ['1-abc', 1],
    ['120-abc-def', 120],
    ['abc', undefined],
    ['-abc', undefined],
    ['1.5-abc', undefined],
    [`${'9'.repeat(16)}-abc`, undefined],
  ])('the generation of %s is %p', (version, generation) => {
    expect(generationOf(rawVersion(version))).toBe(generation)
  })

  test('contentVersion comes back when content does: a store without versions must declare it', async () => {
    const versions = await Promise.all([{ t: 'A' }, { t: 'B' }, { t: 'A' }].map((content) => contentVersion(content)))
    expect(versions[2]).toBe(versions[0])
    expect(versions[1]).not.toBe(versions[0])
    expect(versions[0]).toBe(await digestOf({ t: 'A' }))
  })
})
