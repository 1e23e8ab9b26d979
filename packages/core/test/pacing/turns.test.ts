import { expect, test } from '@jest/globals'
import { turnsFor } from '../../src/pacing/turns.js'

test('short work is never due, long work is, with any clock', () => {
  const turns = turnsFor()
  for (let i = 0; i < 127; i++) expect(turns.isDue()).toBe(false)
  expect(turnsFor().isDue(10_000)).toBe(true)
})

test('a slice begins again after a rest', async () => {
  const turns = turnsFor()
  expect(turns.isDue(10_000)).toBe(true)
  await turns.rest()
  expect(turns.isDue()).toBe(false)
})

test('requests that rest at the same time share one slice', async () => {
  const many = Array.from({ length: 50 }, () => turnsFor())
  await Promise.all(many.map((turns) => turns.rest()))
  // One alone may take ten times as many steps.
  expect(many[0]?.isDue(5_000)).toBe(true)
})

test('a rest ends the request when the client has disconnected; the signal is not read before', async () => {
  let asked = 0
  const gone = new AbortController()
  const client = {
    get signal() {
      asked += 1
      return gone.signal
    },
  }
  const turns = turnsFor(client)
  turns.isDue(10_000)
  expect(asked).toBe(0)
  await turns.rest()
  gone.abort()
  await expect(turns.rest()).rejects.toMatchObject({ status: 503 })
})
