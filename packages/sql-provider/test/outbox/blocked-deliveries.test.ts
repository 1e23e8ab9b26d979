/** On PostgreSQL, a delivery ends while another process inserts the next one of its resource: that one must not stay blocked. */
import { expect, test } from '@jest/globals'
import { tenantId } from '@scimkit/core'
import { testContext } from '@scimkit/testkit'
import pg from 'pg'
import { postgresProvider } from '../../src/postgres.js'
import { writesTo } from '../support/outbox/outbox-writes.js'
import { administer, describePostgres } from '../support/postgres.js'

const consumer = 'one'
const nameOfConsumer = `'provider.outbox.consumer.${consumer}'`

describePostgres('a blocked delivery', (url) => {
  test('is due when the delivery before it ends, also if the two units run at the same time', async () => {
    const provider = postgresProvider(url, { outbox: true })
    const { create, change } = writesTo(provider, testContext(tenantId('one')))
    await create('a')
    const seen: number[] = []
    let begin = (): void => {}
    let end = (): void => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const first = provider.outbox.deliverDue(
      async ({ position }) => {
        begin()
        await ended
        seen.push(position)
      },
      { consumer, limit: 1 },
    )
    await begun
    await change('a', 2)
    await provider.outbox.read()

    // Another process, in the middle of the unit that inserts deliveries.
    const filling = new pg.Client({ connectionString: url })
    await filling.connect()
    await filling.query('begin')
    await filling.query(`update scim_meta set value = '2' where name = ${nameOfConsumer}`)
    await filling.query(
      `insert into scim_deliveries (consumer, position, lane, state, attempts, due)
       select '${consumer}', position, row_id, 'blocked', 0, 0 from scim_outbox where position = 2`,
    )
    end()
    await new Promise((resume) => setTimeout(resume, 300))
    await filling.query('commit')
    await filling.end()
    expect(await first).toMatchObject({ delivered: 1 })
    expect(await administer(url, ['select state from scim_deliveries'])).toEqual([{ state: 'waiting' }])
    await provider.outbox.deliverDue(({ position }) => void seen.push(position), { consumer })
    expect(seen).toEqual([1, 2])
    await provider.close()
  })
})
