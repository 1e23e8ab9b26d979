/** A database that fails while a delivery looks for further changes. */
import { expect, test } from '@jest/globals'
import { tenantId } from '@scimkit/core'
import { testContext } from '@scimkit/testkit'
import type { Driver } from '../../src/driver/driver.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../src/driver/sqlite/driver.js'
import { StoreFailure } from '../../src/driver/store-failure.js'
import { sqlProvider } from '../../src/provider.js'
import { writesTo } from '../support/outbox/outbox-writes.js'

test('the deliveries that were taken before are not left until the end of their leases', async () => {
  const own = sqliteDriver(openSqlite(':memory:'))
  let isTaken = false
  let failures = 0
  const driver: Driver = {
    ...own,
    read(statements) {
      // The search for changes without a position follows the claim.
      if (isTaken && statements[0]?.sql.includes('position is null')) {
        isTaken = false
        failures += 1
        throw new StoreFailure('the database does not answer', 'nothingWritten')
      }
      return own.read(statements)
    },
    write: (steps, hostCode) =>
      own.write(
        steps.map((one) => ({
          ...one,
          ...(one.returned !== undefined && {
            returned: (rows: Parameters<typeof one.returned>[0]) => {
              isTaken = failures === 0 && rows.length > 0
              one.returned?.(rows)
            },
          }),
        })),
        hostCode,
      ),
  }
  const provider = sqlProvider(driver, { outbox: true })
  await writesTo(provider, testContext(tenantId('one'))).create('a')
  const seen: string[] = []
  await provider.outbox.deliverDue(({ ref }) => void seen.push(ref.id), { consumer: 'one' })
  expect([seen, failures]).toEqual([['a'], 1])
  await provider.close()
})
