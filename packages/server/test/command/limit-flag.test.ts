import { describe, expect, test } from '@jest/globals'
import { defaultLimits } from '@scimkit/core'
import { dividedLimits, parseLimit } from '../../src/command/limit-flag.js'

describe('--limit', () => {
  test('accepts the limits of the store too, and passes them to it', () => {
    const chosen = parseLimit('groupEdges=7', parseLimit('scanWork=5', { bodyBytes: 3 }))
    expect(dividedLimits(chosen)).toEqual({ server: { bodyBytes: 3 }, store: { scanWork: 5, groupEdges: 7 } })
  })

  test('accepts every limit, one at a time', () => {
    for (const [name, value] of Object.entries(defaultLimits)) {
      expect(parseLimit(`${name}=${value}`)).toEqual({ [name]: value })
    }
    expect(parseLimit(' maxPageSize = 500 ', { bodyBytes: 5 })).toEqual({ bodyBytes: 5, maxPageSize: 500 })
  })

  test.each(['', '=', '=5', 'bodybytes=5', 'toString=5', '__proto__=5', 'nothing'])(
    'rejects %j and lists the limits',
    (text) => {
      expect(() => parseLimit(text)).toThrow(/Unknown limit.*bodyBytes, .*writeMilliseconds/)
    },
  )

  test.each(['', '0', '-1', '1.5', '1e3', '0x10', '1,000', 'many', '9'.repeat(17)])('rejects bodyBytes=%s', (value) => {
    expect(() => parseLimit(`bodyBytes=${value}`)).toThrow('bodyBytes: expected a whole number above 0')
  })

  test('rejects a limit without a value, and a duplicate', () => {
    expect(() => parseLimit('bodyBytes')).toThrow('whole number')
    expect(() => parseLimit('bodyBytes=2', { bodyBytes: 1 })).toThrow('Duplicate limit bodyBytes')
  })
})
