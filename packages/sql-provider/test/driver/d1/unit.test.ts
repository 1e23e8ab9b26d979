/** The host's code in the unit of a write on D1: its statements join the batch. */
import { describe, it } from '@jest/globals'
import { bind, providerContract } from '@scimkit/testkit'
import { d1Provider } from '../../../src/d1.js'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { fakeD1 } from '../../support/edge/fake-d1.js'
import { notesIn } from '../../support/host-notes.js'

describe('D1: the provider contract, with code of the host', () => {
  const db = fakeD1(openSqlite(':memory:'))
  const notes = notesIn(async (text) => (await db.prepare(text).all()).results, true)
  const cases = providerContract(() => d1Provider(db), { rounds: 5, notes })
  bind(
    { it },
    cases.filter(({ needs = [] }) => needs.includes('inTransaction')),
  )
})
