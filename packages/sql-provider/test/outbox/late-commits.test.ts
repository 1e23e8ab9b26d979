/** PostgreSQL numbers rows before their transaction commits; a reader skips none of those that commit late. */
import { expect, test } from '@jest/globals'
import { tenantId } from '@scimkit/core'
import { testContext } from '@scimkit/testkit'
import pg from 'pg'
import { postgresProvider } from '../../src/postgres.js'
import { allChanges, writesTo } from '../support/outbox/outbox-writes.js'
import { administer, describePostgres } from '../support/postgres.js'

const context = testContext(tenantId('one'))

describePostgres('a late commit', (url) => {
  test('a change that has got its number early and commits late is not skipped', async () => {
    const provider = postgresProvider(url, { outbox: true })
    const users = writesTo(provider, context)
    const groups = writesTo(provider, context, 'Group')
    await users.create('member', { unique: [{ attribute: 'userName', key: 'member' }] })
    await groups.create('group', { members: { add: [{ value: 'member' }], remove: [] } })
    const seen = [...(await allChanges(provider))]

    // The removal writes the row of the group, and then waits for the key of the user.
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    await holder.query('begin')
    await holder.query('select * from scim_keys for update')
    const removal = users.remove('member', 1)
    await untilWaiting(url)
    const next = () => seen.at(-1)?.position ?? 0
    for (const id of ['early', 'later']) {
      await users.create(id)
      seen.push(...(await allChanges(provider, { after: next() })))
    }
    expect(seen.map(({ kind, ref }) => `${kind} ${ref.id}`)).toEqual([
      'create member',
      'create group',
      'create early',
      'create later',
    ])
    await holder.query('commit')
    await holder.end()
    expect(await removal).toBe('success')
    seen.push(...(await allChanges(provider, { after: next() })))
    expect(seen.slice(4).map(({ kind, ref }) => `${kind} ${ref.id}`)).toEqual(['cascade group', 'remove member'])
    expect(seen.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6])
    // The order of the numbers is another one: a reader of the numbers would have skipped the cascade.
    const numbers = await administer(url, ['select kind from scim_outbox order by seq'])
    expect(numbers.map(({ kind }) => kind)).toEqual(['create', 'create', 'cascade', 'create', 'create', 'remove'])
    await provider.close()
  })
})

/** Waits until a statement of the database waits for a lock. Throws if there is none within ten seconds. */
async function untilWaiting(url: string): Promise<void> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; ) {
    const waiting = await administer(url, [
      "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    ])
    if (waiting.length > 0) return
  }
  throw new Error('no statement waits for a lock')
}
