/** The reason of a rejected write is found by index, for any number of resources: every 409 and 412 needs it. */
import { expect, test } from '@jest/globals'
import { rawVersion } from '@scimkit/core'
import { dialectOf } from '../../src/dialect/dialects.js'
import type { Driver, Statement } from '../../src/driver/driver.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../src/driver/sqlite/driver.js'
import { indexesFrom } from '../../src/keys/indexes.js'
import { migrate } from '../../src/schema/migrate.js'
import type { Store } from '../../src/store/store.js'
import { refusalExplainer } from '../../src/writing/explain-refusal.js'

test('no whole table is read', async () => {
  const connection = openSqlite(':memory:')
  const driver = sqliteDriver(connection)
  const store: Store = {
    dialect: dialectOf('sqlite'),
    driver,
    indexes: indexesFrom(),
    scanLimit: 1_000,
    scanWork: 1_000,
    groupEdges: 1_000,
    history: 0,
    outbox: 'off',
    built: new Map(),
  }
  await migrate(store)
  const asked: Statement[] = []
  const listening: Driver = {
    ...driver,
    read(statements) {
      asked.push(...statements)
      return driver.read(statements)
    },
  }
  await refusalExplainer({ ...store, driver: listening })(
    'default',
    { type: 'User', id: '1' },
    {
      resource: {},
      version: rawVersion('1-a'),
      at: '2026-01-01T00:00:00Z',
      unique: [{ attribute: 'userName', key: 'ada' }],
      members: { add: [{ value: '2' }], remove: [], mustExist: true },
    },
  )
  expect(asked).toHaveLength(4)
  const steps = asked.flatMap(({ sql, parameters }) =>
    connection.prepare(`explain query plan ${sql}`).all(...parameters),
  )
  const searches = steps
    .map((step) => String((step as { readonly detail: unknown }).detail))
    .filter((detail) => /^(SCAN|SEARCH)/.test(detail) && !detail.includes('json_each'))
  for (const detail of searches)
    expect(detail).toMatch(/^SEARCH .*\((tenant=\? AND id=\?|name=\?|rowid=\?|unique_key=\? AND tenant=\?)\)/)
  expect(searches.length).toBeGreaterThanOrEqual(5)
  await driver.close()
})
