/** The rows of the outbox: one statement in the unit of each write, and none if the outbox is off. */
import { describe, expect, it } from '@jest/globals'
import { tenantId } from '@scimkit/core'
import { type Next, rawVersion } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { openSqlite, rowsOf, type SqliteConnection } from '../../src/driver/sqlite/connection.js'
import type { SqlProviderOptions } from '../../src/provider.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { countingConnection } from '../support/drivers/counting-connection.js'

const at = '2026-01-01T00:00:00.000Z'
const context = { ...testContext(tenantId('one')), principal: 'idp', requestId: 'r1' }
const ada = { type: 'User', id: 'ada' }

const next = (version: string, more: Partial<Next> = {}): Next => ({
  resource: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], id: 'ada', title: version },
  version: rawVersion(version),
  at,
  unique: [],
  members: undefined,
  ...more,
})

function storeWith(options: SqlProviderOptions): {
  readonly connection: SqliteConnection
  readonly provider: ReturnType<typeof sqliteProvider>
  readonly statements: () => number
} {
  const counting = countingConnection(openSqlite(':memory:'))
  const provider = sqliteProvider(counting.connection, options)
  return { connection: counting.connection, provider, statements: () => counting.taken().statements }
}

const rows = (connection: SqliteConnection): readonly object[] =>
  rowsOf(connection.prepare('select * from scim_outbox order by seq'), []).map((row) => ({ ...row }))

describe('the rows of the outbox', () => {
  it('has a row for each write, with the versions, the caller and the document', async () => {
    const { connection, provider } = storeWith({ outbox: true })
    await provider.insert(ada, next('1-a'), context)
    await provider.replace(
      ada,
      rawVersion('1-a'),
      next('2-b', { kind: 'patch', changed: ['active'], deprovisioned: true }),
      context,
    )
    await provider.remove(ada, rawVersion('2-b'), { at, nonce: '00c0ffee1dea' }, context)
    const every = { position: null, tenant: 'one', type: 'User', id: 'ada', at, principal: 'idp', request_id: 'r1' }
    expect(rows(connection)).toMatchObject([
      { ...every, seq: 1, kind: 'create', before: null, after: '1-a', changed: null, deprovisioned: 0 },
      { ...every, seq: 2, kind: 'patch', before: '1-a', after: '2-b', changed: '["active"]', deprovisioned: 1 },
      { ...every, seq: 3, kind: 'remove', before: '2-b', after: null, changed: null, deprovisioned: 1 },
    ])
    expect(rows(connection).map((row) => JSON.parse((row as { doc: string }).doc).title)).toEqual(['1-a', '2-b', '2-b'])
  })

  it('has no values with documents: false', async () => {
    const { connection, provider } = storeWith({ outbox: { documents: false } })
    await provider.insert(ada, next('1-a'), context)
    expect(rows(connection)).toMatchObject([{ kind: 'create', doc: null }])
  })

  it('costs one statement for each write, and nothing if it is off', async () => {
    const costs = await Promise.all(
      [{}, { outbox: true }].map(async (options) => {
        const { provider, statements } = storeWith(options)
        await provider.migrate()
        await provider.read(ada, { members: 'none', derived: false }, context)
        statements()
        await provider.insert(ada, next('1-a'), context)
        const inserted = statements()
        await provider.replace(ada, rawVersion('1-a'), next('2-b'), context)
        const replaced = statements()
        await provider.remove(ada, rawVersion('2-b'), { at, nonce: '00c0ffee1dea' }, context)
        return [inserted, replaced, statements()]
      }),
    )
    const [off = [], on = []] = costs
    // A removal also selects the groups that lose a member.
    expect(on.map((count, index) => count - (off[index] ?? 0))).toEqual([1, 1, 2])
  })

  it.each([
    ['yes', 'outbox: expected true, false or an object, got yes'],
    [{ documents: 1 }, 'outbox.documents: expected true or false, got 1'],
    [{ retentionSeconds: 0 }, 'outbox.retentionSeconds: expected a whole number from 1, got 0'],
  ])('an invalid option is a TypeError: %j', (outbox, message) => {
    expect(() => sqliteProvider(':memory:', { outbox } as unknown as SqlProviderOptions)).toThrow(
      new TypeError(message),
    )
  })
})
