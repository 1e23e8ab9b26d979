import { describe, expect, test } from '@jest/globals'
import { parseQuota } from '../../src/command/quota-flag.js'

describe('--quota', () => {
  test('accepts each resource type once, in any letter case, and 0', () => {
    expect(parseQuota(' group = 0 ', parseQuota('User=1000'))).toEqual({ User: 1000, Group: 0 })
  })

  test.each(['', '=', '=5', 'Users=5', 'toString=5', '__proto__=5'])('rejects %j and lists the types', (text) => {
    expect(() => parseQuota(text)).toThrow(/Unknown resource type.*User, Group/)
  })

  test.each(['', '-1', '1.5', '1e3', '0x10', '1,000', 'many', '9'.repeat(17)])('rejects User=%s', (value) => {
    expect(() => parseQuota(`User=${value}`)).toThrow('User: expected a whole number from 0')
  })

  test('rejects a quota without a value, and a duplicate', () => {
    expect(() => parseQuota('User')).toThrow('whole number')
    expect(() => parseQuota('user=2', { User: 1 })).toThrow('Duplicate quota User')
  })
})
