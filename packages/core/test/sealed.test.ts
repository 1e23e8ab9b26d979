import { expect, test } from '@jest/globals'
import { seal, unseal } from '../src/sealed.js'

const key = (fill: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(fill)
const salt = (fill = 0): Uint8Array<ArrayBuffer> => new Uint8Array(16).fill(fill)

test.each(['', 'a', 'zoë 👩‍🚀', '"'.repeat(5_000)])('%j comes back', async (text) => {
  const sealed = await seal(key(1), text, 'bound', salt())
  expect(await unseal([key(1)], sealed, 'bound')).toBe(text)
})

test('has only characters that need no escaping in a URL (RFC 3986 §2.3), and reveals nothing of the text', async () => {
  for (let i = 0; i < 50; i++) {
    const sealed = await seal(key(1), `secret ${i}`, 'bound', salt(i))
    expect(sealed).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('secret')
  }
})

test('opens with any of the keys, and with no other', async () => {
  const sealed = await seal(key(1), 'text', 'bound', salt())
  expect(await unseal([key(2), key(1)], sealed, 'bound')).toBe('text')
  expect(await unseal([key(2)], sealed, 'bound')).toBeUndefined()
  expect(await unseal([], sealed, 'bound')).toBeUndefined()
})

test('opens only with what it is bound to', async () => {
  const sealed = await seal(key(1), 'text', 'bound', salt())
  for (const other of ['', 'boun', 'bound ', 'BOUND']) expect(await unseal([key(1)], sealed, other)).toBeUndefined()
})

test('any change is detected', async () => {
  const sealed = await seal(key(1), 'text', 'bound', salt(7))
  for (let i = 0; i < sealed.length; i++) {
    // The last character has bits without meaning; all of them are tried, so that one changes the sealed data.
    const changed = [...'AQgw'].map((other) => `${sealed.slice(0, i)}${other}${sealed.slice(i + 1)}`)
    const opened = await Promise.all(changed.map((text) => unseal([key(1)], text, 'bound')))
    expect(opened.filter((text) => text === undefined).length).toBeGreaterThanOrEqual(2)
    expect(opened.every((text) => text === undefined || text === 'text')).toBe(true)
  }
})

test.each(['', 'A', 'AAAA', '!', 'A'.repeat(21), 'A'.repeat(22), 'A'.repeat(500), 'ä', '\u{10ffff}', ' ', '%41'])(
  '%j is not a sealed text',
  async (text) => {
    expect(await unseal([key(1)], text, 'bound')).toBeUndefined()
  },
)

test('the same text is sealed differently each time', async () => {
  const one = await seal(key(1), 'text', 'bound', salt(1))
  const two = await seal(key(1), 'text', 'bound', salt(2))
  expect(one.slice(-20)).not.toBe(two.slice(-20))
})
