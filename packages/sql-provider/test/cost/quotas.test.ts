/** What a quota adds to the unit of a create, and in which order; without one nothing is added. */
import { describe, expect, it } from '@jest/globals'
import { createScim, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import type { DialectName } from '../../src/dialect/dialect.js'
import { dialectOf } from '../../src/dialect/dialects.js'
import type { Driver, Step } from '../../src/driver/driver.js'
import { openSqlite, rowsOf } from '../../src/driver/sqlite/connection.js'
import { sqlProvider } from '../../src/provider.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { hasMoreThan } from '../../src/writing/quota-steps.js'

const context = createScim({ provider: memoryProvider() }).context({ tenant: tenantId('one') })

/** The steps of an insert, without a database. */
async function stepsOf(dialect: DialectName, quota: number | undefined): Promise<readonly Step[]> {
  const units: (readonly Step[])[] = []
  const driver: Pick<Driver, 'dialect' | 'maxParameters' | 'write'> = {
    dialect,
    maxParameters: 1_000,
    write: (steps) => {
      units.push(steps)
      return 'written'
    },
  }
  const provider = sqlProvider(driver as Driver, {}, { isReady: true })
  const next = {
    resource: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], id: '1', userName: 'ada' },
    version: '1-a' as never,
    at: '2026-01-01T00:00:00Z',
    unique: [{ attribute: 'userName', key: 'ada' }],
    members: undefined,
    ...(quota !== undefined && { quota }),
  }
  await provider.insert({ type: 'User', id: '1' }, next, context)
  const [steps] = units
  if (units.length !== 1 || steps === undefined) throw new Error(`${units.length} units`)
  return steps
}

const texts = (steps: readonly Step[]) => steps.map(({ sql }) => sql)

describe('a create with a quota', () => {
  it('has one step more on SQLite: the guard, last', async () => {
    const [without, within] = [await stepsOf('sqlite', undefined), await stepsOf('sqlite', 5)]
    expect(texts(within).slice(0, -1)).toEqual(texts(without))
    expect(within.at(-1)?.sql).toContain('insert into "scim_guard"')
    expect(within.at(-1)?.parameters).toEqual(['one', 'User', 5])
  })

  // The lock must come before any row and key, or two units could wait for each other.
  it('has two steps more on PostgreSQL: the lock, first, and the guard, last', async () => {
    const [without, within] = [await stepsOf('postgres', undefined), await stepsOf('postgres', 5)]
    expect(texts(within).slice(1, -1)).toEqual(texts(without))
    expect(within[0]?.sql).toContain('pg_advisory_xact_lock')
    expect(within[0]?.parameters).toEqual(['["quota","one","User"]'])
    expect(within.at(-1)?.sql).toContain('insert into "scim_guard"')
  })

  it('counts in an index that covers the statement', async () => {
    const connection = openSqlite(':memory:')
    const provider = sqliteProvider(connection)
    await provider.migrate()
    const { sql, parameters } = hasMoreThan(dialectOf('sqlite'))({ tenant: 'one', type: 'User', number: 5 })
    const plan = rowsOf(connection.prepare(`explain query plan ${sql}`), parameters).map(({ detail }) => String(detail))
    expect(plan).toEqual([
      expect.stringMatching(/COVERING INDEX scim_resources_by_type_row_id \(tenant=\? AND type=\?\)$/),
    ])
    await provider.close()
  })
})
