import { expect, test } from '@jest/globals'
import { type CreationKey, firstVersion } from '@scimkit/core/provider'
import { type CreationKeys, keepRecord, recordOf } from '../../src/rows/creation-keys.js'

const version = firstVersion('a', '00c0ffee1dea')
const time = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString()
const keyOf = (key: string, expired: string): CreationKey => ({ key, principal: 'p', digest: 'd', expired })

function keep(keys: CreationKeys, name: string, second: number, expired: string): void {
  keepRecord(keys, keyOf(name, expired), { type: 'User', id: name }, { version, at: time(second) })
}

test('expired records are removed a few at a time, the oldest first, and the others stay', () => {
  const keys: CreationKeys = new Map()
  for (let i = 0; i < 100; i++) keep(keys, `old${i}`, i, time(0))
  expect(keys.size).toBe(100)
  // 50 have expired; each later create removes 8 of them.
  const sizes: number[] = []
  for (let i = 0; i < 8; i++) {
    keep(keys, `new${i}`, 100, time(50))
    sizes.push(keys.size)
  }
  expect(sizes).toEqual([93, 86, 79, 72, 65, 58, 57, 58])
  expect(recordOf(keys, keyOf('old49', time(50)))).toBeUndefined()
  expect(recordOf(keys, keyOf('old50', time(50)))).toEqual({ ref: { type: 'User', id: 'old50' }, version, digest: 'd' })
})

test('an expired record does not exist, also while it has not been removed', () => {
  const keys: CreationKeys = new Map()
  keep(keys, 'k', 10, time(0))
  expect(recordOf(keys, keyOf('k', time(10)))).toBeDefined()
  expect(recordOf(keys, keyOf('k', time(11)))).toBeUndefined()
})

test('a key that is used again is the newest', () => {
  const keys: CreationKeys = new Map()
  keep(keys, 'first', 0, time(0))
  keep(keys, 'second', 1, time(0))
  keep(keys, 'first', 100, time(1))
  expect([...keys.keys()].map((name) => JSON.parse(name)[1])).toEqual(['second', 'first'])
})
