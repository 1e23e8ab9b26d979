/**
 * What an idempotency key costs: three statements in the unit of the insert and one read before it, however many records there
 * are; a create without a key costs nothing more. Expired records are deleted, a few with each insert.
 */
import { afterAll, describe, expect, it, test } from '@jest/globals'
import { createScim, type RawVersion, tenantId } from '@scimkit/core'
import { type CreationKey, firstVersion, type Next } from '@scimkit/core/provider'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { postgresProvider } from '../../src/postgres.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { countingConnection } from '../support/drivers/counting-connection.js'
import { administer, describePostgres } from '../support/postgres.js'

const there = 5_000
const expired = '2026-01-02T00:00:00.000Z'
const at = '2026-01-03T00:00:00.000Z'
const version: RawVersion = firstVersion('a', '00c0ffee1dea')
const keyOf = (key: string): CreationKey => ({ key, principal: '', digest: 'd', expired })

function nextOf(name: string, creationKey?: CreationKey): Next {
  return {
    resource: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], id: name, userName: name },
    version,
    at,
    unique: [{ attribute: 'userName', key: name }],
    members: undefined,
    ...(creationKey !== undefined && { creationKey }),
  }
}

/** Fills the table with old records; `series` is the source of numbers, `n`. */
const manyOld = (series: string): string =>
  `insert into scim_creation_keys (tenant, principal, key, digest, type, id, version, at, at_ms)
   select 'one', '', 'old' || n, 'd', 'User', 'id' || n, '1-a', '1970-01-01T00:00:00Z', n from ${series}`

describe('an insert with a key on SQLite', () => {
  const connection = openSqlite(':memory:')
  const counting = countingConnection(connection)
  const provider = sqliteProvider(counting.connection)
  const context = createScim({ provider }).context({ tenant: tenantId('one') })
  const records = (): number => {
    const [row] = connection.prepare('select count(*) as n from scim_creation_keys').all() as readonly { n: number }[]
    return Number(row?.n)
  }
  afterAll(() => provider.close())

  it('has three statements more than without, and deletes some of the expired records', async () => {
    await provider.migrate()
    connection.exec(
      manyOld(`(with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${there})
        select n from numbers)`),
    )
    await provider.insert({ type: 'User', id: 'warm' }, nextOf('warm'), context)
    const costOf = async (name: string, key?: CreationKey) => {
      counting.taken()
      const end = await provider.insert({ type: 'User', id: name }, nextOf(name, key), context)
      return { ...counting.taken(), kind: end.kind }
    }
    const plain = await costOf('plain')
    const keyed = await costOf('keyed', keyOf('k'))
    expect([plain.kind, keyed.kind]).toEqual(['success', 'success'])
    expect(keyed.statements).toBe(plain.statements + 3)
    expect(records()).toBe(there - 8 + 1)
    // An expired record of the same key is replaced, and the oldest others are deleted.
    expect((await costOf('again', keyOf(`old${there}`))).kind).toBe('success')
    expect(records()).toBe(there - 16 + 1)
    expect((await costOf('again2', keyOf(`old${there}`))).kind).toBe('alreadyCreated')
    expect(records()).toBe(there - 16 + 1)
  })

  it('finds all of them by an index', async () => {
    // On a connection of its own: libsql leaves an explained write unfinished, and no COMMIT ends before it.
    const explained = openSqlite(':memory:')
    const other = sqliteProvider(explained)
    await other.migrate()
    const plans = [
      `select id from scim_creation_keys where tenant = ? and principal = ? and key = ? and at_ms >= ?`,
      `delete from scim_creation_keys where tenant = ? and principal = ? and key = ? and at_ms < ?`,
      `delete from scim_creation_keys where seq in
        (select seq from scim_creation_keys where at_ms < ? order by at_ms, seq limit 8)`,
    ].map((sql) => JSON.stringify(explained.prepare(`explain query plan ${sql}`).all(...sql.split('?').slice(1))))
    for (const plan of plans) expect(plan).not.toMatch(/SCAN|TEMP B-TREE/)
    await other.close()
  })

  it('a whole create with a key has one read more', async () => {
    const scim = createScim({ provider })
    const costOf = async (idempotencyKey?: string) => {
      counting.taken()
      const body = { displayName: 'g' }
      const keyed = { kind: 'create', type: 'Group', body, ...(idempotencyKey !== undefined && { idempotencyKey }) }
      await scim.perform(keyed as { kind: 'create'; type: string; body: typeof body }, context)
      return counting.taken().statements
    }
    await costOf('warm')
    expect(await costOf('another')).toBe((await costOf()) + 4)
  })
})

describePostgres('an insert with a key on a PostgreSQL without statistics', (url) => {
  async function readThrough(): Promise<number> {
    const [row] = await administer(url, [
      "select sum(seq_tup_read + idx_tup_fetch)::int as read from pg_stat_user_tables where relname = 'scim_creation_keys'",
    ])
    return Number(row?.read)
  }

  test('reads few records, and deletes some of the expired ones', async () => {
    const first = postgresProvider(url)
    await first.migrate()
    await first.close()
    await administer(url, [
      'alter table scim_creation_keys set (autovacuum_enabled = off)',
      manyOld(`generate_series(1, ${there}) as n`),
    ])
    const before = await readThrough()
    const provider = postgresProvider(url, { maxConnections: 1 })
    const context = createScim({ provider }).context({ tenant: tenantId('one') })
    const kinds: string[] = []
    for (let i = 0; i < 12; i++) {
      for (const id of [`a${i}`, `b${i}`]) {
        kinds.push((await provider.insert({ type: 'User', id }, nextOf(id, keyOf(`k${i}`)), context)).kind)
      }
    }
    await provider.close()
    expect(new Set(kinds)).toEqual(new Set(['success', 'alreadyCreated']))
    expect((await readThrough()) - before).toBeLessThan(there)
    const [row] = await administer(url, ['select count(*)::int as n from scim_creation_keys'])
    expect(row?.n).toBe(there - 12 * 8 + 12)
  })
})
