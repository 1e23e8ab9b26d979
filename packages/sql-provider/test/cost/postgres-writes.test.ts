/**
 * A write costs the same for any number of resources, also while the server has no statistics of the tables: in the first hours of
 * a new database, an identity provider sends all users.
 */
import { expect, test } from '@jest/globals'
import { createScim, rawVersion, tenantId } from '@scimkit/core'
import type { Next } from '@scimkit/core/provider'
import { postgresProvider } from '../../src/postgres.js'
import { administer, describePostgres } from '../support/postgres.js'

const there = 5_000

describePostgres('writing to a PostgreSQL without statistics', (url) => costsTheSame(url, 0))
describePostgres('writing to a PostgreSQL without statistics, with a history', (url) => costsTheSame(url, 3))

function costsTheSame(url: string, history: number): void {
  /** Rows that were read, from a table or an index. The server counts them when a connection ends. */
  async function readThrough(): Promise<number> {
    const [row] = await administer(url, [
      "select sum(seq_tup_read + idx_tup_fetch)::int as read from pg_stat_user_tables where relname in ('scim_resources', 'scim_keys', 'scim_history')",
    ])
    return Number(row?.read)
  }

  test('no whole table is read', async () => {
    const first = postgresProvider(url)
    await first.migrate()
    await first.close()
    await administer(url, [
      'alter table scim_resources set (autovacuum_enabled = off)',
      'alter table scim_keys set (autovacuum_enabled = off)',
      'alter table scim_history set (autovacuum_enabled = off)',
      `insert into scim_resources (tenant, type, id, version, generation, created, created_ms, modified, modified_ms, doc)
       select 'one', 'User', 'id' || n, '1-a', 1, '2026-01-01T00:00:00Z', 0, '2026-01-01T00:00:00Z', 0, '{}'
       from generate_series(1, ${there}) as n`,
      `insert into scim_keys (row_id, tenant, type, path, sorts, kind, fold, unique_key)
       select row_id, tenant, type, 'userName', 1, 's', id, id from scim_resources`,
      `insert into scim_history (row_id, slot, generation, version, at, changed)
       select row_id, 1, 1, '1-a', '2026-01-01T00:00:00Z', '[]' from scim_resources`,
    ])
    const before = await readThrough()

    const provider = postgresProvider(url, { maxConnections: 1, history })
    const context = createScim({ provider }).context({ tenant: tenantId('one') })
    const user = (userName: string, generation: number): Next => ({
      resource: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName },
      version: rawVersion(`${generation}-a`),
      at: '2026-01-01T00:00:00Z',
      unique: [{ attribute: 'userName', key: userName }],
      members: undefined,
      changed: ['userName'],
    })
    const kinds: string[] = []
    // Often enough for the server to choose generic plans for its prepared statements.
    for (let i = 0; i < 12; i++) {
      const ref = { type: 'User', id: `new${i}` }
      const ends = [
        await provider.insert(ref, user(`user${i}`, 1), context),
        await provider.insert({ type: 'User', id: 'other' }, user('id7', 1), context),
        await provider.replace(ref, rawVersion('1-a'), user(`User${i}`, 2), context),
        {
          kind: (await provider.read(ref, { members: 'none', derived: true }, context)) === undefined ? 'lost' : 'read',
        },
        await provider.replace(ref, rawVersion('1-a'), user(`user${i}`, 2), context),
        { kind: `${(await provider.history?.(ref, context))?.length ?? 0}` },
        await provider.remove(ref, rawVersion('2-a'), { at: '2026-01-01T00:00:00Z', nonce: '00c0ffee1dea' }, context),
      ]
      kinds.push(ends.map(({ kind }) => kind).join())
    }
    await provider.close()
    expect([...new Set(kinds)]).toEqual([
      `success,duplicate,success,read,versionMismatch,${history === 0 ? 0 : 2},success`,
    ])
    // A single full scan would read as many rows as there are.
    expect((await readThrough()) - before).toBeLessThan(there)
  })
}
