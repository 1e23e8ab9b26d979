import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { digest } from '#digest'
import type { JsonObject } from '../../src/json/value.js'
import {
  contentDigest,
  contentVersion,
  firstVersion,
  generationOf,
  httpVersion,
  isOwnVersion,
  namesVersion,
  nextVersion,
  parseHttpVersion,
  type RawVersion,
  rawVersion,
  versionNonce,
  withoutDigest,
} from '../../src/versioning/version.js'
import { effort } from '../filter/support/effort.js'

const nonce = 'c0ffee5ca1ab'
const other = '0123456789ab'
const digestOf = (resource: JsonObject) => contentDigest(resource, digest)

describe('rawVersion takes 1 to 256 visible ASCII characters without a quote', () => {
  test.each([
    '1',
    '3-9f86d081884c7d659a2feaa0',
    '3-9f86d081884c7d65-c0ffee5ca1ab',
    '!',
    '~',
    'a,b',
    'W/x',
    'a'.repeat(256),
  ])('%j', (text) => {
    expect(rawVersion(text)).toBe(text)
  })

  test.each(['', ' ', 'a b', 'a"b', '"a"', 'a\n', '\t', '\u007f', 'é', '🦊', '\ud800', 'a'.repeat(257)])(
    'refuses %j',
    (text) => {
      expect(() => rawVersion(text)).toThrow(TypeError)
    },
  )
})

describe('conversion (RFC 7644 §3.14: tags are weak, meta.version is the identical string)', () => {
  test('in both directions', () => {
    expect(httpVersion(rawVersion('3-9f'))).toBe('W/"3-9f"')
    expect(parseHttpVersion('W/"3-9f"')).toBe('3-9f')
    expect(parseHttpVersion('"3-9f"')).toBe('3-9f')
  })

  test.each(['3-9f', '""', 'W/""', '"', 'W/"', 'w/"3-9f"', '"3-9f', '3-9f"', '"3"9f"', '"3 9f"', '"é"', '*', ''])(
    '%j is not a tag of this server',
    (tag) => {
      expect(parseHttpVersion(tag)).toBeUndefined()
    },
  )

  test('a converted version is converted back unchanged', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!#-~]{1,256}$/), (text) => {
        expect(parseHttpVersion(httpVersion(rawVersion(text)))).toBe(text)
      }),
      effort(300),
    )
  })
})

describe('generation, digest and nonce (ADR 3)', () => {
  test('a first version is generation 1, 64 bits of SHA-256 over the canonical document, and the nonce', async () => {
    const content = await digestOf({ b: 1, a: [true, null, 'x'] })
    const hash = await digest('{"a":[true,null,"x"],"b":1}')
    expect(content).toBe(hash.slice(0, 24))
    expect(firstVersion(content, nonce)).toBe(`1-${hash.slice(0, 16)}-${nonce}`)
  })

  test('a nonce is 48 bits of the random ones, in hex', () => {
    const counts: number[] = []
    const drawn = (count: number): Uint8Array<ArrayBuffer> => {
      counts.push(count)
      return new Uint8Array([0, 1, 15, 16, 254, 255].slice(0, count))
    }
    expect(versionNonce(drawn)).toBe('00010f10feff')
    expect(counts).toEqual([6])
  })

  test.each(['', 'c0ffee5ca1a', 'c0ffee5ca1abc', 'C0FFEE5CA1AB', 'c0ffee5ca1a"', '9f86d081884c7d659a2feaa0'])(
    '%j is not a nonce, and no version is created from it',
    (text) => {
      expect(() => firstVersion('aa', text)).toThrow(TypeError)
      expect(() => nextVersion(rawVersion('1-aa'), text)).toThrow(TypeError)
      expect(() => nextVersion(rawVersion('foreign'), text, 'aa')).toThrow(TypeError)
    },
  )

  test('the order of keys is ignored, the order of elements counts', async () => {
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

  test('A→B→A never repeats a version', async () => {
    const a = await digestOf({ title: 'A' })
    const b = await digestOf({ title: 'B' })
    const first = firstVersion(a, nonce)
    const second = nextVersion(first, nonce, b)
    const third = nextVersion(second, nonce, a)
    const [short, shorter] = [a.slice(0, 16), b.slice(0, 16)]
    expect([first, second, third]).toEqual([`1-${short}-${nonce}`, `2-${shorter}-${nonce}`, `3-${short}-${nonce}`])
  })

  test('two writes on one version with one content have two versions', async () => {
    const first = firstVersion(await digestOf({ title: 'A' }), nonce)
    const b = await digestOf({ title: 'B' })
    expect(nextVersion(first, nonce, b)).not.toBe(nextVersion(first, other, b))
    expect(nextVersion(first, nonce)).not.toBe(nextVersion(first, other))
  })

  test('no version of a walk occurs twice, with any changes', () => {
    const steps = fc.array(fc.option(fc.constantFrom('aa', 'bb', 'cc'), { nil: undefined }), { maxLength: 50 })
    fc.assert(
      fc.property(steps, (digests) => {
        const walk = [firstVersion('aa', nonce)]
        for (const content of digests) walk.push(nextVersion(walk.at(-1) as RawVersion, nonce, content))
        expect(new Set(walk).size).toBe(digests.length + 1)
        expect(walk.at(-1)).toMatch(new RegExp(`^${digests.length + 1}-`))
      }),
      effort(200),
    )
  })

  test('a change of rows or of a secret keeps the digest; generation and nonce are new (ADR 3, ADR 9)', () => {
    const current = rawVersion(`9-9f86d081884c7d65-${other}`)
    expect(nextVersion(current, nonce)).toBe(`10-9f86d081884c7d65-${nonce}`)
  })

  test('versions without a nonce have a next one, with a digest that equals newer ones of that content', async () => {
    const content = await digestOf({ title: 'A' })
    const old = rawVersion(`7-${content}`)
    expect(isOwnVersion(old)).toBe(true)
    expect(nextVersion(old, nonce)).toBe(nextVersion(old, nonce, content))
    expect(nextVersion(old, nonce)).toBe(`8-${content.slice(0, 16)}-${nonce}`)
    expect(isOwnVersion(nextVersion(old, nonce))).toBe(true)
  })

  test.each(['abc', '-abc', 'x-abc', '1a-abc', '1.5-abc', `${'9'.repeat(16)}-abc`])(
    'a store’s own version %s: the next is a different, usable version',
    (own) => {
      for (const next of [nextVersion(rawVersion(own), nonce), nextVersion(rawVersion(own), nonce, 'def')]) {
        expect(next).not.toBe(own)
        expect(rawVersion(next)).toBe(next)
      }
    },
  )

  test('a store’s own version of the greatest length still has a usable next one', () => {
    expect(nextVersion(rawVersion('v'.repeat(256)), nonce)).toBe(`1-${'v'.repeat(16)}-${nonce}`)
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

  test('contentVersion repeats when content does: a store without versions must declare it', async () => {
    const versions = await Promise.all([{ t: 'A' }, { t: 'B' }, { t: 'A' }].map((content) => contentVersion(content)))
    expect(versions[2]).toBe(versions[0])
    expect(versions[1]).not.toBe(versions[0])
    expect(versions[0]).toBe(await digestOf({ t: 'A' }))
  })

  test.each([
    [`3-9f86d081884c7d65-${nonce}`, `3-0000000000000000-${nonce}`],
    [`3-0000000000000000-${nonce}`, `3-0000000000000000-${nonce}`],
    ['3-9f86d081884c7d659a2feaa0', '3-0000000000000000'],
    ['9f86d081884c7d659a2feaa0', '9f86d081884c7d659a2feaa0'],
    ['rev-7-of-a-store', 'rev-7-of-a-store'],
  ])('%s without its digest is %s, and names the version', (text, expected) => {
    const version = rawVersion(text)
    expect(withoutDigest(version)).toBe(expected)
    expect(namesVersion(withoutDigest(version), version)).toBe(true)
    expect(namesVersion(version, version)).toBe(true)
  })

  test.each([
    `3-0000000000000000-${other}`,
    `4-0000000000000000-${nonce}`,
    `3-0000000000000001-${nonce}`,
    '3-0000000000000000',
  ])('%s does not name it', (text) => {
    expect(namesVersion(rawVersion(text), rawVersion(`3-9f86d081884c7d65-${nonce}`))).toBe(false)
  })
})
