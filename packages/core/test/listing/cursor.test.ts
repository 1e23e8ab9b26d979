/** Cursors and their keys. RFC 9865 §2.1, §5.2. */
import { describe, expect, test } from '@jest/globals'
import { cursorKeysFrom } from '../../src/engine/cursor-key.js'
import { ScimError } from '../../src/errors.js'
import { type CursorSetting, openCursor, sealCursor, type Walk } from '../../src/listing/cursor.js'

const setting: CursorSetting = {
  keys: cursorKeysFrom('k'.repeat(32), 'key'),
  bound: 'question',
  now: 1_000_000,
  seconds: 60,
  limits: { cursorLength: 500 },
}
const walk: Walk = { places: ['start', 'end', { after: '["b",7]' }], count: 5 }
const salt = new Uint8Array(16)

const cursorOf = async (given: Walk = walk, own: Partial<CursorSetting> = {}): Promise<string> =>
  (await sealCursor(given, { ...setting, ...own }, salt)) ?? 'none'
const endOf = async (cursor: string, own: Partial<CursorSetting> = {}): Promise<unknown> =>
  openCursor(cursor, { ...setting, ...own }).catch((error: unknown) =>
    error instanceof ScimError ? [error.status, error.scimType, error.message] : error,
  )

test('a walk is read back unchanged', async () => {
  expect(await openCursor(await cursorOf(), setting)).toEqual(walk)
})

describe('refused', () => {
  const invalid = [400, 'invalidCursor', 'Invalid cursor for this list. An empty cursor returns the first page.']

  test('with one text, for every error', async () => {
    const cursor = await cursorOf()
    expect(await endOf(cursor, { bound: 'other' })).toEqual(invalid)
    expect(await endOf(cursor, { keys: cursorKeysFrom('x'.repeat(32), 'key') })).toEqual(invalid)
    expect(await endOf(`${cursor}A`)).toEqual(invalid)
    for (const text of ['x', 'VZUTiyhEQJ94IR', 'A'.repeat(100), '1', '["b",7]'])
      expect(await endOf(text)).toEqual(invalid)
    // Also one that has expired: only its owner learns that.
    expect(await endOf(cursor, { bound: 'other', now: 2_000_000 })).toEqual(invalid)
  })

  test('when it has expired, to the millisecond', async () => {
    const cursor = await cursorOf()
    expect(await endOf(cursor, { now: 1_059_999 })).toEqual(walk)
    expect(await endOf(cursor, { now: 1_060_000 })).toEqual([
      400,
      'expiredCursor',
      'The cursor has expired. An empty cursor returns the first page.',
    ])
    expect(await endOf(await cursorOf(walk, { seconds: 0 }), { now: Number.MAX_SAFE_INTEGER })).toEqual(walk)
  })

  test('before it is decrypted when it is too long; and none so long is created', async () => {
    const long: Walk = { places: [{ after: 'x'.repeat(400) }], count: 1 }
    expect(await sealCursor(long, setting, salt)).toBeUndefined()
    const cursor = await cursorOf(long, { limits: { cursorLength: 1_000 } })
    expect(await endOf(cursor)).toEqual(invalid)
    expect(await endOf(cursor, { limits: { cursorLength: cursor.length } })).toEqual(long)
  })
})

describe('keys', () => {
  test('of several the first seals and all open: so one is replaced by the next', async () => {
    const [before, after] = ['b'.repeat(32), new Uint8Array(32).fill(9)]
    const cursor = await cursorOf(walk, { keys: cursorKeysFrom(before, 'key') })
    expect(await endOf(cursor, { keys: cursorKeysFrom([after, before], 'key') })).toEqual(walk)
    const next = await cursorOf(walk, { keys: cursorKeysFrom([after, before], 'key') })
    expect(await endOf(next, { keys: cursorKeysFrom(after, 'key') })).toEqual(walk)
  })

  test.each(['', 'x'.repeat(31), new Uint8Array(31), [], ['x'.repeat(32), 'short'], undefined, null, 32, {}, [[]]])(
    '%j is not a key',
    (source) => {
      expect(() => cursorKeysFrom(source as string, 'options.cursorKey')).toThrow('options.cursorKey: ')
      expect(() => cursorKeysFrom(source as string, 'options.cursorKey')).toThrow(TypeError)
    },
  )

  test('bytes are copied: a later change of them by the host has no effect', () => {
    const bytes = new Uint8Array(32).fill(1)
    const [key] = cursorKeysFrom(bytes, 'key')
    bytes.fill(0)
    expect(key).toEqual(new Uint8Array(32).fill(1))
  })
})
