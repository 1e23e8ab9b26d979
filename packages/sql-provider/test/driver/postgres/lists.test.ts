/** Lists without a usable index leave connections for other requests. */
import { expect, test } from '@jest/globals'
import { defaultLimits, tenantId } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import { documentOnly } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import pg from 'pg'
import type { PostgresClient, PostgresPool } from '../../../src/driver/postgres/pool.js'
import { postgresProvider } from '../../../src/postgres.js'
import { administer, describePostgres } from '../../support/postgres.js'
import { types } from '../../support/query/types.js'

const users = 600
const connections = 4
const filter = Array.from({ length: 50 }, (_, i) => `not (userName co "zz${i}")`).join(' and ')

/** The pool, and most connections of it that were in use at the same time. */
function counted(pool: pg.Pool): PostgresPool & { readonly most: () => number } {
  let [used, most] = [0, 0]
  return {
    options: pool.options,
    most: () => most,
    on: (event, listener) => pool.on(event, listener),
    removeListener: (event, listener) => pool.removeListener(event, listener),
    async connect() {
      const client = (await pool.connect()) as unknown as PostgresClient
      used += 1
      most = Math.max(most, used)
      const { release } = client
      client.release = (error) => {
        used -= 1
        client.release = release
        release.call(client, error)
      }
      return client
    },
  }
}

describePostgres('many costly lists on PostgreSQL', (url) => {
  const context = testContext(tenantId('one'))
  const query = {
    filter: parseFilter(filter, types.User, interopFrom('lenient'), defaultLimits),
    sort: undefined,
    page: { startIndex: 1, count: 1 },
    needs: documentOnly,
  }

  async function seeded(): Promise<void> {
    const provider = postgresProvider(url)
    await provider.migrate()
    await provider.close()
    await administer(url, [
      'delete from scim_keys',
      'delete from scim_resources',
      `insert into scim_resources (tenant, type, id, version, generation, created, created_ms, modified, modified_ms, display, doc)
       select 'one', 'User', 'u' || n, '1-a', 1, '2026-01-01T00:00:00Z', 0, '2026-01-01T00:00:00Z', 0, 'user' || n,
         json_build_object('id', 'u' || n, 'userName', 'user' || n)
       from generate_series(1, ${users}) as n`,
      `insert into scim_keys (row_id, tenant, type, path, sorts, kind, fold)
       select row_id, tenant, type, 'userName', 1, 's', display from scim_resources`,
    ])
  }

  test('use at most half of the connections', async () => {
    await seeded()
    const pool = new pg.Pool({ connectionString: url, max: connections })
    const counting = counted(pool)
    const provider = postgresProvider(counting)
    await provider.read({ type: 'User', id: 'u1' }, documentOnly, context)
    const pages = await Promise.all(Array.from({ length: 6 }, () => provider.query('User', query, context)))
    expect(pages.map(({ totalResults }) => totalResults)).toEqual(Array(6).fill(users))
    expect(counting.most()).toBe(connections / 2)
    await provider.close()
    await pool.end()
  }, 120_000)

  test('leave a connection for reads by id', async () => {
    await seeded()
    const provider = postgresProvider(url, { maxConnections: connections })
    await provider.read({ type: 'User', id: 'u1' }, documentOnly, context)
    let under = 12
    const lists = Array.from({ length: 12 }, async () => {
      await provider.query('User', query, context)
      under -= 1
    })
    let reads = 0
    while (under > 6) {
      const found = await provider.read({ type: 'User', id: `u${(reads % users) + 1}` }, documentOnly, context)
      if (found === undefined) throw new Error('a user is missing')
      reads += 1
    }
    await Promise.all(lists)
    expect(reads).toBeGreaterThan(10)
    await provider.close()
  }, 120_000)

  test('may use as many as the option allows', () => {
    expect(() => postgresProvider(url, { listConnections: 0 })).toThrow(TypeError)
  })
})
