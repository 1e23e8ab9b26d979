import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ScimError } from '../../src/errors.js'
import { defaultLimits } from '../../src/limits.js'
import {
  evaluatePrecondition,
  ifVersion,
  isUnconditional,
  type Precondition,
  type PreconditionResult,
  parsePrecondition,
  preconditionOfVersion,
  unconditional,
} from '../../src/versioning/precondition.js'
import { httpVersion, type RawVersion, rawVersion } from '../../src/versioning/version.js'
import { effort } from '../filter/support/effort.js'

const match = (text: string): Precondition['match'] => parsePrecondition(text, undefined, defaultLimits).match
const noneMatch = (text: string): Precondition['noneMatch'] =>
  parsePrecondition(undefined, text, defaultLimits).noneMatch

/** The status of the refusal of a header; fails without a refusal, or with another error than a ScimError. */
function refusal(read: () => unknown): number {
  try {
    read()
  } catch (error) {
    if (error instanceof ScimError) return error.status
    throw error
  }
  throw new Error('not refused')
}

describe('If-Match and If-None-Match are read (RFC 9110 §8.8.3, §13.1.1, §13.1.2)', () => {
  test.each<[string, string, readonly string[] | '*']>([
    ['a weak tag (RFC 7644 §3.14)', 'W/"1-a"', ['1-a']],
    ['a strong tag', '"1-a"', ['1-a']],
    ['a list', 'W/"1-a", "2-b",W/"3-c"', ['1-a', '2-b', '3-c']],
    ['empty list elements (§5.6.1.2)', ', ,"1-a",,\t"2-b" , ', ['1-a', '2-b']],
    ['a comma inside a tag', '"a,b"', ['a,b']],
    ['blanks around', ' \t"1-a"\t ', ['1-a']],
    ['a tag that looks like a star', '"*"', ['*']],
    ['a weak tag within quotes', '"W/x"', ['W/x']],
    ['repeated headers, joined', 'W/"1-a", W/"2-b"', ['1-a', '2-b']],
    ['the star', '*', '*'],
    ['the star with blanks', ' *\t', '*'],
    ['an empty tag: legal, and no resource has it', '""', []],
    ['a tag in obs-text: legal, and no resource has it', '"é"', []],
    ['a tag longer than any of this server', `"${'a'.repeat(300)}", "1-a"`, ['1-a']],
  ])('%s', (_title, text, expected) => {
    expect(match(text)).toEqual(expected)
    expect(noneMatch(text)).toEqual(expected)
  })

  test.each([
    ['nothing', ''],
    ['blanks', ' \t '],
    ['commas alone', ',,, ,'],
    ['no quotes', '1-a'],
    ['half a pair of quotes', '"1-a'],
    ['a quote alone', '"'],
    ['the other half', '1-a"'],
    ['single quotes', "'1-a'"],
    ['a small w', 'w/"1-a"'],
    ['W without slash', 'W"1-a"'],
    ['W/ alone', 'W/'],
    ['a blank after W/', 'W/ "1-a"'],
    ['a weak star', 'W/*'],
    ['a star in a list', '*, "1-a"'],
    ['a star after a tag', '"1-a", *'],
    ['two stars', '*, *'],
    ['a star and a comma', '*,'],
    ['two tags without comma', '"1-a" "2-b"'],
    ['two tags run together', '"1-a""2-b"'],
    ['something after a tag', '"1-a"x'],
    ['a blank in a tag', '"1 a"'],
    ['a tab in a tag', '"1\ta"'],
    ['a line end in a tag', '"1\na"'],
    ['DEL in a tag', '"1\u007fa"'],
    ['a semicolon for a comma', '"1-a"; "2-b"'],
    ['a date', 'Sat, 29 Oct 1994 19:43:31 GMT'],
    ['JSON', '["1-a"]'],
    ['a no-break space', '\u00a0"1-a"'],
  ])('garbage is 400, never "absent": %s', (_title, text) => {
    expect(refusal(() => match(text))).toBe(400)
    expect(refusal(() => noneMatch(text))).toBe(400)
  })

  test('64 tags, 65 are 400', () => {
    const tags = Array.from({ length: 64 }, (_, i) => `"${i}"`)
    expect(match(tags.join(','))).toHaveLength(64)
    expect(refusal(() => match([...tags, '"64"'].join(',')))).toBe(400)
    // Tags that this server cannot have created count too: they cost the same.
    expect(refusal(() => match(Array.from({ length: 65 }, () => '""').join(',')))).toBe(400)
  })

  test('8 KiB, one more is 400', () => {
    const tag = '"1-a"'
    expect(match(tag + ' '.repeat(8192 - tag.length))).toEqual(['1-a'])
    expect(refusal(() => match(tag + ' '.repeat(8193 - tag.length)))).toBe(400)
    expect(refusal(() => noneMatch(`*${' '.repeat(8192)}`))).toBe(400)
  })

  test('a missing header is no condition', () => {
    expect(parsePrecondition(undefined, undefined, defaultLimits)).toEqual(unconditional)
    expect(parsePrecondition('*', '"1-a"', defaultLimits)).toEqual({ match: '*', noneMatch: ['1-a'] })
  })

  test('any text is tags, a star or 400, and nothing else', () => {
    const pieces = fc.constantFrom('"', 'W/', 'w/', '*', ',', ' ', '\t', 'a', '1-a', '\n', '\u007f', 'é', '\ud800')
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.string(),
    )
    fc.assert(
      fc.property(texts, (text) => {
        let read: Precondition['match']
        try {
          read = match(text)
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError)
          expect(error).toMatchObject({ status: 400, scimType: undefined })
          return
        }
        // The result, written out again, reads the same; and every tag in it is in the text.
        if (read === '*') expect(text.trim()).toBe('*')
        else for (const version of read ?? []) expect(text).toContain(`"${version}"`)
      }),
      effort(2_000),
    )
  })

  test('a list of this server’s tags, weak or strong, is read back', () => {
    const version = fc.stringMatching(/^[!#-~]{1,40}$/).map(rawVersion)
    const tag = fc.tuple(version, fc.boolean())
    fc.assert(
      fc.property(fc.array(tag, { minLength: 1, maxLength: 64 }), fc.constantFrom(',', ', ', ' ,\t'), (tags, comma) => {
        const text = tags.map(([raw, weak]) => (weak ? httpVersion(raw) : `"${raw}"`)).join(comma)
        expect(match(text)).toEqual(tags.map(([raw]) => raw))
      }),
      effort(300),
    )
  })
})

describe('holds', () => {
  const a = rawVersion('1-a')
  const b = rawVersion('2-b')
  type Side = readonly RawVersion[] | '*' | undefined
  test.each<[Side, Side, PreconditionResult]>([
    [undefined, undefined, 'holds'],
    ['*', undefined, 'holds'],
    [[a], undefined, 'holds'],
    [[b, a], undefined, 'holds'],
    [[b], undefined, 'match-failed'],
    [[], undefined, 'match-failed'],
    [undefined, '*', 'none-match-failed'],
    [undefined, [a], 'none-match-failed'],
    [undefined, [b, a], 'none-match-failed'],
    [undefined, [b], 'holds'],
    [undefined, [], 'holds'],
    ['*', '*', 'none-match-failed'],
    ['*', [a], 'none-match-failed'],
    ['*', [b], 'holds'],
    [[a], '*', 'none-match-failed'],
    [[a], [a], 'none-match-failed'],
    [[a], [b], 'holds'],
    // RFC 9110 §13.2.2: If-Match is checked first.
    [[b], [a], 'match-failed'],
    [[b], '*', 'match-failed'],
    [[b], [b], 'match-failed'],
    [[], [a], 'match-failed'],
  ])('If-Match %j, If-None-Match %j, version 1-a: %s (RFC 9110 §13.2.2)', (ifMatch, ifNoneMatch, expected) => {
    expect(evaluatePrecondition({ match: ifMatch, noneMatch: ifNoneMatch }, a)).toBe(expected)
  })

  test('versions are compared exactly: letter case and digits count', () => {
    expect(evaluatePrecondition(ifVersion(rawVersion('1-A')), a)).toBe('match-failed')
    expect(evaluatePrecondition(ifVersion(rawVersion('01-a')), a)).toBe('match-failed')
  })

  test('ifVersion expects one of its versions', () => {
    expect(ifVersion(a, b)).toEqual({ match: [a, b], noneMatch: undefined })
  })

  test.each<[Precondition, boolean]>([
    [unconditional, true],
    [{ match: '*', noneMatch: undefined }, true],
    [{ match: [a], noneMatch: undefined }, false],
    [{ match: [], noneMatch: undefined }, false],
    [{ match: undefined, noneMatch: '*' }, false],
    [{ match: undefined, noneMatch: [a] }, false],
    [{ match: '*', noneMatch: [a] }, false],
  ])('isUnconditional %j: %s', (precondition, expected) => {
    expect(isUnconditional(precondition)).toBe(expected)
  })
})

describe('tags that a proxy changed (RFC 9110 §8.8.3.3)', () => {
  const digest = '9f86d081884c7d659a2feaa0'
  const short = '9f86d081884c7d65'
  const nonce = 'a1b2c3d4e5f6'

  test.each<[string, string, string]>([
    ['generation and digest', `3-${digest}`, '-gzip'],
    ['a shorter digest and a nonce', `3-${short}-${nonce}`, '-gzip'],
    ['a digest alone', digest, '-br'],
    ['a shorter digest alone', short, '-deflate'],
    ['a high generation', `999999999999999-${digest}`, ';gzip'],
    ['two hyphens', `3-${short}-${nonce}`, '--gzip'],
    ['zstd', `3-${digest}`, '-zstd'],
  ])('%s: the version with the suffix and the one without', (_, version, suffix) => {
    for (const form of [(text: string) => `W/"${text}"`, (text: string) => `"${text}"`]) {
      const header = form(`${version}${suffix}`)
      expect(match(header)).toEqual([`${version}${suffix}`, version])
      expect(noneMatch(`"a", ${header} ,"b"`)).toEqual(['a', `${version}${suffix}`, version, 'b'])
    }
  })

  test.each([
    ['a revision of a provider', 'abc'],
    ['a number of a provider', '42'],
    ['a generation and no digest', '3-'],
    ['a digest that is too short', `3-${digest.slice(1)}`],
    ['a digest that is too long', `3-${digest}a`],
    ['a digest of another alphabet', `3-${digest.replace('9', 'g')}`],
    ['a digest in capitals', `3-${digest.toUpperCase()}`],
    ['a generation that is no number', `x-${digest}`],
    ['a generation of too many digits', `1234567890123456-${digest}`],
    ['a nonce that is too short', `3-${short}-${nonce.slice(1)}`],
    ['one part too many', `3-${short}-${nonce}-${nonce}`],
    ['a UUID', '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0'],
  ])('%s is not of this server’s form, and nothing is removed from it', (_, version) => {
    for (const suffix of ['-gzip', '-br', '-zstd', '-deflate', ';gzip', '--gzip']) {
      expect(match(`"${version}${suffix}"`)).toEqual([`${version}${suffix}`])
    }
  })

  test.each(['-GZIP', 'gzip', '-gz', '-zip', '-gzip-', '-gzip-gzip', '-identity', '.gzip'])(
    '%s is not a known suffix',
    (suffix) => {
      expect(match(`"3-${digest}${suffix}"`)).toEqual([`3-${digest}${suffix}`])
    },
  )

  test('a version with such an ending is found before the one without, and refuses no other', () => {
    const precondition = parsePrecondition(`"3-${digest}-gzip"`, undefined, defaultLimits)
    expect(evaluatePrecondition(precondition, rawVersion(`3-${digest}-gzip`))).toBe('holds')
    expect(evaluatePrecondition(precondition, rawVersion(`3-${digest}`))).toBe('holds')
    expect(evaluatePrecondition(precondition, rawVersion(`4-${digest}`))).toBe('match-failed')
    expect(evaluatePrecondition(parsePrecondition('"abc-gzip"', undefined, defaultLimits), rawVersion('abc'))).toBe(
      'match-failed',
    )
  })

  test('strict: whole tags for a read, versions for a write, also of a provider’s own form', () => {
    const strict = (text: string): Precondition => parsePrecondition(text, text, defaultLimits, 'strict')
    expect(strict(`"abc.${digest}-gzip"`)).toEqual({
      match: ['abc'],
      noneMatch: ['abc'],
      representations: {
        match: [`"abc.${digest}-gzip"`, `"abc.${digest}"`],
        noneMatch: [`"abc.${digest}-gzip"`, `"abc.${digest}"`],
      },
    })
    expect(strict('"3-x.;gzip"').match).toEqual(['3-x'])
    expect(strict(`"abc-gzip.${digest}"`).match).toEqual(['abc-gzip'])
    expect(strict(`"abc.${digest}x-gzip"`).match).toEqual([])
    // Strong comparison: a weak tag matches nothing in If-Match, whatever its suffix.
    expect(strict(`W/"abc.${digest}-gzip"`)).toMatchObject({ match: [], noneMatch: ['abc'] })
  })

  test('the version of a bulk operation, with quotes or without', () => {
    const read = (text: string): Precondition['match'] => preconditionOfVersion(text, defaultLimits, 'weak').match
    expect(read(`W/"3-${digest}-gzip"`)).toEqual([`3-${digest}-gzip`, `3-${digest}`])
    expect(read(`3-${digest}-gzip`)).toEqual([`3-${digest}-gzip`, `3-${digest}`])
    expect(read('abc-gzip')).toEqual(['abc-gzip'])
    expect(() => read('a b')).toThrow(TypeError)
    expect(() => read('')).toThrow(TypeError)
  })

  test('64 tags are still 64, however many of them a proxy changed', () => {
    const tags = Array.from({ length: 64 }, (_, i) => `"${i}-${digest}-gzip"`)
    expect(match(tags.join(', '))).toHaveLength(128)
    expect(refusal(() => match([...tags, '"x"'].join(', ')))).toBe(400)
  })
})
