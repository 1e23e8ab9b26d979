/** A Worker calls d1Provider for each request; the provider is created once. */
import { expect, it } from '@jest/globals'
import { tenantId } from '@scimkit/core'
import { documentOnly } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { type D1Database, type D1Statement, d1Provider } from '../src/d1.js'
import { openSqlite } from '../src/driver/sqlite/connection.js'
import { fakeD1 } from './support/edge/fake-d1.js'

function emptyD1(): D1Database {
  const nothing = { success: true, results: [] }
  const statement: D1Statement = { bind: () => statement, all: async () => nothing }
  return { prepare: () => statement, batch: async (statements) => statements.map(() => nothing) }
}

it('is the same for one binding, and for equal options', () => {
  const db = emptyD1()
  const first = d1Provider(db)
  expect(d1Provider(db)).toBe(first)
  expect(d1Provider(db, {})).toBe(first)
  const indexed = d1Provider(db, { indexes: { User: ['title'] } })
  expect(indexed).not.toBe(first)
  expect(d1Provider(db, { indexes: { User: ['title'] } })).toBe(indexed)
})

it('differs for another binding', () => {
  expect(d1Provider(emptyD1())).not.toBe(d1Provider(emptyD1()))
})

it('is not cached if its options are invalid', () => {
  const db = emptyD1()
  for (const _again of [1, 2]) expect(() => d1Provider(db, { scanLimit: 0 })).toThrow(TypeError)
})

it('answers later requests if the first one was aborted before the tables were created', async () => {
  let calls = 0
  // On Workers, a request whose client has disconnected never continues.
  const db = fakeD1(openSqlite(':memory:'), async () =>
    ++calls === 1 ? await new Promise<never>(() => {}) : undefined,
  )
  const provider = d1Provider(db, { answerMilliseconds: 500, retryMilliseconds: 0 })
  const givenUp = provider.facts.read('anything')
  expect(await provider.facts.read('anything')).toBeUndefined()
  await expect(givenUp).rejects.toMatchObject({ status: 503 })
})

it('rejects a session of a binding: its reads may be older than the last writes', () => {
  const session = Object.assign(emptyD1(), { getBookmark: () => null })
  expect(() => d1Provider(session)).toThrow(/session/)
  expect(() => d1Provider(new Proxy(session, {}))).toThrow(TypeError)
})

const ref = { type: 'User', id: 'ada' }

/** Like instrumentation: a new wrapper object around the binding in each request. */
const wrapped = (db: D1Database): D1Database => new Proxy(db, {})

it('makes one call for a read with a wrapped binding whose database has a name', async () => {
  const db = fakeD1(openSqlite(':memory:'))
  const callsOfRead = async (options: { readonly database?: string }): Promise<number> => {
    await d1Provider(wrapped(db), options).read(ref, documentOnly, testContext())
    const before = db.calls.length
    await d1Provider(wrapped(db), options).read(ref, documentOnly, testContext())
    return db.calls.length - before
  }
  expect(await callsOfRead({})).toBe(3)
  expect(await callsOfRead({ database: 'calls of read' })).toBe(1)
})

it('does not mix the data of two databases with the same name, and checks the schema again when tables are missing', async () => {
  const [one, two] = [fakeD1(openSqlite(':memory:')), fakeD1(openSqlite(':memory:'))]
  const options = { database: 'by mistake' }
  const next = {
    resource: { id: 'ada' },
    version: '1-a' as never,
    at: '2026-01-01T00:00:00Z',
    unique: [],
    members: undefined,
  }
  const context = testContext(tenantId('one'))
  expect(await d1Provider(wrapped(one), options).insert(ref, next, context)).toMatchObject({ kind: 'success' })
  const read = async () => d1Provider(wrapped(two), options).read(ref, documentOnly, context)
  await expect(read()).rejects.toMatchObject({ status: 500 })
  expect(await read()).toBeUndefined()
  expect(await d1Provider(wrapped(one), options).read(ref, documentOnly, context)).toMatchObject({ version: '1-a' })
})

it('shares no promise between requests: an aborted request does not block another one with the same name', async () => {
  const connection = openSqlite(':memory:')
  const options = { database: 'given up', answerMilliseconds: 500, retryMilliseconds: 0 }
  let calls = 0
  const never = fakeD1(connection, async () => (++calls === 1 ? await new Promise<never>(() => {}) : undefined))
  const givenUp = d1Provider(never, options).facts.read('anything')
  expect(await d1Provider(wrapped(fakeD1(connection)), options).facts.read('anything')).toBeUndefined()
  await expect(givenUp).rejects.toMatchObject({ status: 503 })
})
