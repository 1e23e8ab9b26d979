/** A Worker asks for its provider with each request; it is made once. */
import { expect, it } from '@jest/globals'
import { type D1Database, type D1Statement, d1Provider } from '../src/d1.js'
import { openSqlite } from '../src/driver/sqlite-connection.js'
import { fakeD1 } from './support/fake-d1.js'

function emptyD1(): D1Database {
  const nothing = { success: true, results: [] }
  const statement: D1Statement = { bind: () => statement, all: async () => nothing }
  return { prepare: () => statement, batch: async (statements) => statements.map(() => nothing) }
}

it('is the same for one binding, and for options that say the same', () => {
  const db = emptyD1()
  const first = d1Provider(db)
  expect(d1Provider(db)).toBe(first)
  expect(d1Provider(db, {})).toBe(first)
  const indexed = d1Provider(db, { indexes: { User: ['title'] } })
  expect(indexed).not.toBe(first)
  expect(d1Provider(db, { indexes: { User: ['title'] } })).toBe(indexed)
})

it('is another one for another binding', () => {
  expect(d1Provider(emptyD1())).not.toBe(d1Provider(emptyD1()))
})

it('is not kept if its options are no good', () => {
  const db = emptyD1()
  for (const _again of [1, 2]) expect(() => d1Provider(db, { scanLimit: 0 })).toThrow(TypeError)
})

it('answers later requests when the first one was given up before the tables were there', async () => {
  let calls = 0
  // On Workers a request that the client has abandoned never continues.
  const db = fakeD1(openSqlite(':memory:'), async () =>
    ++calls === 1 ? await new Promise<never>(() => {}) : undefined,
  )
  const provider = d1Provider(db, { answerMilliseconds: 500, retryMilliseconds: 0 })
  const givenUp = provider.facts.read('anything')
  expect(await provider.facts.read('anything')).toBeUndefined()
  await expect(givenUp).rejects.toMatchObject({ status: 503 })
})
