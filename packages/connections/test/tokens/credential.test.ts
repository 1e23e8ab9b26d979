/** The texts of bearer tokens and client secrets. */
import { describe, expect, test } from '@jest/globals'
import { platformPorts } from '@scimkit/core'
import { checksum } from '../../src/tokens/checksum.js'
import { clientSecretIdIn, newClientSecret, newConnectionId, newToken, tokenIdIn } from '../../src/tokens/credential.js'
import { digestOf, equalTexts } from '../../src/tokens/digest.js'

describe('tokens and client secrets (SEC-18, INC-23)', () => {
  test('a token has prefix, id, secret and checksum, in fixed lengths', async () => {
    const { id, text, digest } = await newToken(platformPorts)
    expect(text).toMatch(/^scim_[\w-]{16}[\w-]{43}[0-9A-Za-z]{6}$/)
    expect(text.slice(5, 21)).toBe(id)
    expect(tokenIdIn(text)).toBe(id)
    expect(digest).toMatch(/^[\w-]{43}$/)
    expect(digest).toBe(await digestOf(text, platformPorts))
  })

  test('a client secret has prefix, id, secret and checksum, in fixed lengths', async () => {
    const { id, text } = await newClientSecret(platformPorts)
    expect(text).toMatch(/^scimsec_[\w-]{12}[\w-]{43}[0-9A-Za-z]{6}$/)
    expect(clientSecretIdIn(text)).toBe(id)
    expect(tokenIdIn(text)).toBeUndefined()
  })

  test('a connection has an id of 128 random bits', () => {
    expect(newConnectionId(platformPorts)).toMatch(/^[\w-]{22}$/)
  })

  test('a token takes 12 bytes for its id and 32 for its secret, each bit of them (INC-23)', async () => {
    const counts: number[] = []
    const filled = (byte: number) => ({
      randomBytes: (count: number) => {
        counts.push(count)
        return new Uint8Array(count).fill(byte)
      },
      digest: platformPorts.digest,
    })
    const zeros = await newToken(filled(0))
    const ones = await newToken(filled(0xff))
    expect(counts).toEqual([12, 32, 12, 32])
    expect(zeros.text.slice(5, 64)).toBe('A'.repeat(59))
    // 32 bytes are 42 characters of 6 bits and a last one with 4.
    expect(ones.text.slice(5, 64)).toBe(`${'_'.repeat(58)}8`)
    for (let bit = 0; bit < 256; bit++) {
      const one = (count: number) =>
        Uint8Array.from({ length: count }, (_, at) => (at === bit >> 3 ? 1 << (bit & 7) : 0))
      const { text } = await newToken({
        randomBytes: (count) => (count === 32 ? one(count) : new Uint8Array(count)),
        digest: platformPorts.digest,
      })
      expect(text.slice(21, 64)).not.toBe('A'.repeat(43))
    }
  })

  test('the checksum is CRC-32 in base 62', () => {
    // The check value of CRC-32 is 0xCBF43926 for these digits.
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const value = [...checksum('123456789')].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)
    expect(value).toBe(0xcbf43926)
    expect(checksum('')).toBe('000000')
  })

  test('digests are equal only if all of their characters are, and an empty one equals none', () => {
    const digest = 'a'.repeat(43)
    expect(equalTexts(digest, digest)).toBe(true)
    expect(equalTexts(digest, `${'a'.repeat(42)}b`)).toBe(false)
    expect(equalTexts(digest, 'a'.repeat(42))).toBe(false)
    expect(equalTexts('', '')).toBe(false)
  })

  // The number of steps is what a caller could measure, so the reads of the characters are counted (INC-18).
  test('a comparison reads all characters, wherever the first difference is (INC-18)', () => {
    const reads = (different: number): number => {
      let count = 0
      const text = Object.assign(Object('a'.repeat(43)) as string, {
        charCodeAt: (at: number) => {
          count++
          return at === different ? 98 : 97
        },
      })
      expect(equalTexts(text, 'a'.repeat(43))).toBe(false)
      return count
    }
    expect([0, 1, 21, 42].map(reads)).toEqual([43, 43, 43, 43])
  })
})

test('no id begins with a hyphen: a command line would read it as an option', async () => {
  const ports = { ...platformPorts, randomBytes: (count: number) => new Uint8Array(count).fill(0xfb) }
  expect(newConnectionId(ports)).toMatch(/^A[\w-]{21}$/)
  for (const make of [newToken, newClientSecret]) expect((await make(ports)).id).toMatch(/^A/)
})
