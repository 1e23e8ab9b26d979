/**
 * The store inside a Durable Object, on an imitation of its storage with SQLite. The runtime-tests run against the storage of the
 * platform in workerd.
 */
import { describe, expect, it, test } from '@jest/globals'
import { bearerToken, createScim, type ScimOptions } from '@scimkit/core'
import { bind, type Exchange, providerContract, viaHandler, wireContract } from '@scimkit/testkit'
import { type WireStore, wireTarget } from '../../../../testkit/test/support/wire-servers.js'
import type { Step } from '../../../src/driver/driver.js'
import { durableObjectDriver } from '../../../src/driver/durable-object/driver.js'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { StoreFailure } from '../../../src/driver/store-failure.js'
import { durableObjectProvider } from '../../../src/durable-object.js'
import { all, decisive, statement, step, withTables } from '../../support/drivers/plain-steps.js'
import { fakeDurableObject } from '../../support/edge/fake-durable-object.js'
import { notesIn } from '../../support/host-notes.js'

const token = 'a-token-of-32-characters-or-more-it-is'
const fresh = (options = {}) => durableObjectProvider(fakeDurableObject(openSqlite(':memory:')), options)

describe('a Durable Object: the provider contract', () => {
  const storage = fakeDurableObject(openSqlite(':memory:'))
  const shared = durableObjectProvider(storage)
  const notes = notesIn((text) => storage.sql.exec(text).toArray(), false)
  bind(
    { it },
    providerContract(() => shared, { rounds: 5, filters: 100, notes }),
  )
})

describe('a Durable Object: the provider contract, with a history', () => {
  const remembering = fresh({ history: 3 })
  bind(
    { it },
    providerContract(() => remembering, { filters: 20, rounds: 5, history: 3 }),
  )
})

describe('a Durable Object: the wire contract', () => {
  const serve = (options: Partial<ScimOptions>, store: WireStore = {}): Exchange =>
    viaHandler(createScim({ authenticate: bearerToken(token), ...options, provider: fresh(store) }).handle)
  bind({ test }, wireContract(wireTarget(serve)))
})

const before = [[{ id: 'a', version: '1' }]]
const update = decisive('update things set version = ? where id = ? and version = ?', '2', 'a', '1')

describe('a unit of writing', () => {
  const opened = () => {
    const storage = fakeDurableObject(withTables())
    return { storage, driver: durableObjectDriver(storage) }
  }

  test.each<[string, string, readonly Step[]]>([
    [
      'missed',
      'a step that must change a row changes none',
      [step("insert into things values ('b', '1')"), update, update],
    ],
    ['missed', 'a statement inserts a 0 into the guard', [update, step('insert into scim_guard (ok) select 0')]],
    ['taken', 'a unique index rejects a value', [update, step("insert into things values ('a', '1')")]],
  ])('ends as %s, with nothing changed, if %s', async (end, _, steps) => {
    const { driver } = opened()
    expect(await driver.write(steps)).toBe(end)
    expect(await driver.read([all])).toEqual(before)
  })

  it('that fails in the middle has written nothing, and reports that', async () => {
    const { storage, driver } = opened()
    let statements = 0
    storage.at = () => {
      statements += 1
      if (statements === 3) throw new Error('disk I/O error: SQLITE_IOERR')
    }
    expect(() => driver.write([update, step("insert into things values ('b', '1')")])).toThrow(
      expect.objectContaining({ name: 'StoreFailure', outcome: 'nothingWritten' }),
    )
    storage.at = () => {}
    expect(await driver.read([all])).toEqual(before)
  })

  test.each(['beforeCommit', 'afterCommit'] as const)('whose COMMIT fails has an unknown outcome: %s', (when) => {
    const { storage, driver } = opened()
    storage.at = (moment) => {
      if (moment === when) throw new Error('Network connection lost.')
    }
    expect(() => driver.write([update])).toThrow(expect.objectContaining({ name: 'StoreFailure', outcome: 'unknown' }))
  })

  it('with a value longer than the limit of the platform is rejected permanently', () => {
    const { storage, driver } = opened()
    storage.at = () => {
      throw new Error('string or blob too big: SQLITE_TOOBIG')
    }
    for (const work of [() => driver.write([update]), () => driver.read([all])]) {
      expect(work).toThrow(expect.objectContaining({ outcome: 'refused' }))
    }
  })

  it('of a schema change fails as a store failure', async () => {
    const { driver } = opened()
    await expect(driver.exclusive((run) => run(statement('create tabel x (y)')))).rejects.toThrow(StoreFailure)
  })
})
