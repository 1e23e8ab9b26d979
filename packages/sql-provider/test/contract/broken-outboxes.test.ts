/** The checks of the outbox find each way to break it, and nothing in one that is correct. */
import { describe, expect, it } from '@jest/globals'
import { tenantId } from '@scimkit/core'
import { testContext } from '@scimkit/testkit'
import type { Driver } from '../../src/driver/driver.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../src/driver/sqlite/driver.js'
import { type SqlProvider, sqlProvider } from '../../src/provider.js'
import { brokenOutboxes } from '../support/outbox/broken-outboxes.js'
import { brokenChains, keyOfResource } from '../support/outbox/outbox-findings.js'
import { allChanges, writesTo } from '../support/outbox/outbox-writes.js'

const context = testContext(tenantId('one'))

interface Opened {
  readonly provider: SqlProvider
  /** As if every process had been suspended for longer than its lease. */
  readonly endLeases: () => void
}

function open(breakDriver: (driver: Driver) => Driver): Opened {
  const connection = openSqlite(':memory:')
  return {
    provider: sqlProvider(breakDriver(sqliteDriver(connection)), { outbox: true }),
    endLeases: () => connection.exec('update scim_deliveries set due = 0'),
  }
}

/** What the checks find in a store. */
async function findingsIn({ provider, endLeases }: Opened): Promise<readonly string[]> {
  const users = writesTo(provider, context)
  const groups = writesTo(provider, context, 'Group')
  const unique = [{ attribute: 'userName', key: 'taken' }]
  await users.create('a', { unique })
  await groups.create('g', { members: { add: [{ value: 'a' }], remove: [] } })
  await users.create('b', { unique })
  await users.change('a', 2)
  await users.change('a', 2)
  await users.remove('a', 2)
  for (const id of ['c', 'd', 'e']) await users.create(id)
  const stored = new Map<string, string>()
  for (const [type, id] of [
    ['User', 'a'],
    ['User', 'b'],
    ['User', 'c'],
    ['User', 'd'],
    ['User', 'e'],
    ['Group', 'g'],
  ] as const) {
    const found = await provider.read({ type, id }, { members: 'none', derived: false }, context)
    if (found !== undefined) stored.set(keyOfResource({ type, id }), found.version)
  }
  return [...brokenChains(await allChanges(provider), stored), ...(await wrongOrderOf(provider, endLeases))]
}

/** Two changes of one resource, and a process that loses its lease while it has the first one. */
async function wrongOrderOf(provider: SqlProvider, endLeases: () => void): Promise<readonly string[]> {
  const { outbox } = provider
  const users = writesTo(provider, context)
  const consumer = 'order'
  await outbox.deliverDue(() => {}, { consumer })
  await users.create('ordered')
  await users.change('ordered', 2)
  const one = { consumer, limit: 1, onError() {} }
  const wrong: string[] = []
  const first = held()
  const second = held()
  const slow = outbox.deliverDue(first.handler, one)
  await first.begun
  endLeases()
  const other = outbox.deliverDue(second.handler, one)
  await second.begun
  first.end()
  await slow
  await outbox.deliverDue(({ kind }) => void wrong.push(`${kind} was delivered before the end of create`), one)
  second.end()
  await other
  return wrong
}

/** A handler that runs until `end`. */
function held(): { readonly begun: Promise<void>; end(): void; handler(): Promise<void> } {
  let begin = (): void => {}
  let end = (): void => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return {
    begun,
    end: () => end(),
    handler: async () => {
      begin()
      await ended
    },
  }
}

describe('the checks of the outbox', () => {
  it('find nothing in a correct one', async () => {
    expect(await findingsIn(open((driver) => driver))).toEqual([])
  })

  it.each(Object.keys(brokenOutboxes))('find this: %s', async (name) => {
    const breakDriver = brokenOutboxes[name]
    if (breakDriver === undefined) throw new Error(name)
    expect(await findingsIn(open(breakDriver))).not.toEqual([])
  })
})
