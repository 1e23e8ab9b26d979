import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { caseKey, compareCodePoints, exactKey } from '../../src/schema/case-key.js'
import { withUsualWidth } from '../../src/schema/width.js'
import { effort } from '../filter/support/effort.js'

// Letters whose case or composition is not simple, and marks that change places when they are sorted.
const odd = fc.constantFrom(
  ...'ıİiIßẞſKÅåÅΣσςΘϴＡａǅǆǄŉẖΰᾳᾼŐő\u0300\u0301\u0307\u0323\u0345\u0308\u200d🦊𐐀𐐨Ꭰꭰ가\u1100\u1161',
)
const text = fc.oneof(
  fc.array(odd, { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)

describe('caseKey (RFC 7644 §5, RFC 8265 §3.3)', () => {
  test.each([
    ['letter case', 'BJensen@Example.com', 'bjensen@example.com'],
    ['composed and decomposed', 'Jos\u00e9', 'jose\u0301'],
    ['composed capital', '\u00c9', 'e\u0301'],
    ['two marks in either order', 'q\u0307\u0323', 'Q\u0323\u0307'],
    ['the Turkish capital dotted I', '\u0130stanbul', 'i\u0307stanbul'],
    ['the Kelvin sign', '\u212a', 'k'],
    ['the Ångström sign', '\u212b', 'å'],
    ['capital sharp s', '\u1e9e', 'ß'],
    ['Greek', 'ΑΘΗΝΑ', 'αθηνα'],
    ['Cyrillic', 'ИВАН', 'иван'],
    ['astral letters (Deseret)', '𐐀', '𐐨'],
    ['Hangul', '\u1100\u1161', '가'],
    ['full width (RFC 8265 §3.3.2)', 'Ａｄａ＠ｘ．ｅｘａｍｐｌｅ', 'ada@x.example'],
    ['half width', 'ｱﾀﾞ', 'アダ'],
    ['half-width Hangul letters', '\uffa1\uffdc', '\u3131\u3163'],
    ['the ideographic space', 'a\u3000b', 'a b'],
    ['the full-width macron', '\uffe3', '\u00af'],
  ])('one key: %s', (_title, left, right) => {
    expect(caseKey(left)).toBe(caseKey(right))
  })

  test.each([
    ['ß is not ss: lower-casing, not folding (RFC 8265 §3.3.2)', 'straße', 'strasse'],
    ['the dotless ı is not i', 'ı', 'i'],
    ['the dotted İ is not i', 'İ', 'i'],
    ['compatibility forms (NFC, not NFKC)', 'ﬁ', 'fi'],
    ['blanks count', 'a ', 'a'],
    ['look-alikes of other scripts', 'а', 'a'],
  ])('two keys: %s', (_title, left, right) => {
    expect(caseKey(left)).not.toBe(caseKey(right))
  })

  test('the key of a key is the key', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(caseKey(caseKey(given))).toBe(caseKey(given))
      }),
      effort(2_000),
    )
  })

  test('every form of a text has one key', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(caseKey(given.normalize('NFD'))).toBe(caseKey(given))
        expect(caseKey(given.normalize('NFC'))).toBe(caseKey(given))
        expect(caseKey(given.toLowerCase())).toBe(caseKey(given))
      }),
      effort(2_000),
    )
  })

  test('the short path for plain text has the same result as the long one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (given) => {
        expect(caseKey(given)).toBe(given.normalize('NFC').toLowerCase().normalize('NFC'))
      }),
      effort(500),
    )
  })
})

test.each([
  ['Jos\u00e9', 'Jose\u0301', true],
  ['José', 'josé', false],
])('exactKey: %j and %j are one: %s', (left, right, same) => {
  expect(exactKey(left) === exactKey(right)).toBe(same)
})

describe('compareCodePoints (ADR 15: the order of UTF-8 stores)', () => {
  test.each([
    ['a', 'b'],
    ['', 'a'],
    ['a', 'aa'],
    ['Z', 'a'],
    ['\uff5e', '🦊'],
    ['\uffff', '\u{10000}'],
    ['\ud7ff', '\ue000'],
    ['\ud7ff', '🦊'],
    ['🦊', '🦋'],
  ])('%j before %j', (left, right) => {
    expect(compareCodePoints(left, right)).toBeLessThan(0)
    expect(compareCodePoints(right, left)).toBeGreaterThan(0)
  })

  test('agrees with the order of bytes in UTF-8', () => {
    const near = fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uff5e', '\uffff', '\u{10000}', '🦊', '\u{10ffff}')
    const texts = fc.oneof(
      fc.array(near, { maxLength: 4 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 6 }),
    )
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        expect(Math.sign(compareCodePoints(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)))
      }),
      effort(2_000),
    )
  })
})

test('each full-width and half-width character becomes one usual character, and no other text changes', () => {
  let mapped = 0
  for (let unit = 1; unit <= 0xffff; unit++) {
    if (unit >= 0xd800 && unit <= 0xdfff) continue
    const character = String.fromCharCode(unit)
    const usual = withUsualWidth(`a${character}b`)
    if (usual === `a${character}b`) continue
    mapped++
    expect(usual).toHaveLength(3)
    // The whole of NFKC goes further, never elsewhere.
    expect(usual.charAt(1).normalize('NFKC')).toBe(character.normalize('NFKC'))
  }
  // As many as UnicodeData.txt calls <wide> or <narrow>.
  expect(mapped).toBe(226)
})
