/**
 * The cost of changing a resource with many key rows is linear in the number of rows, not quadratic: one user with thousands of
 * addresses must not block other requests.
 */
import { expect, test } from '@jest/globals'
import { createScim, type JsonObject, tenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { dialectOf } from '../../src/dialect/dialects.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { postgresProvider } from '../../src/postgres.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { writeStatements } from '../../src/writing/statements.js'
import { administer, describePostgres } from '../support/postgres.js'

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const ref = { tenant: 'one', type: 'User', id: 'ada' }
const rows = JSON.stringify([['emails.value', 0, 's', 'a@b', null, null, null]])
const keyStatements = ['deleteOtherKeys', 'insertMissingKeys'] as const

const noKey = (_: number, i: number): JsonObject => ({ op: 'replace', path: 'title', value: `title ${i}` })
const allKeys = (count: number, i: number): JsonObject => ({
  op: 'replace',
  path: 'emails',
  value: addresses(count, `${i}`),
})

const addresses = (count: number, prefix: string): JsonObject[] =>
  Array.from({ length: count }, (_, i) => ({ value: `${prefix}${i}@example.com` }))

/** CPU in ms of a PATCH of a user with so many addresses; the minimum of a few runs, because noise only adds. */
async function cpuOfPatch(provider: ResourceProvider, count: number, change = noKey): Promise<number> {
  const scim = createScim({ provider })
  const context = scim.context({ tenant: tenantId('keys') })
  const emails = addresses(count, 'a')
  const body: JsonObject = { schemas: [userSchema], userName: `user with ${count}`, emails }
  const made = await scim.perform({ kind: 'create', type: 'User', body }, context)
  if (made.kind !== 'created') throw new Error(made.kind)
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const patch: JsonObject = { schemas: [patchSchema], Operations: [change(count, i)] }
    const before = process.cpuUsage()
    const outcome = await scim.perform({ kind: 'patch', ref: made.value.ref, body: patch }, context)
    const { user, system } = process.cpuUsage(before)
    expect(outcome.kind).toBe('success')
    best = Math.min(best, (user + system) / 1_000)
  }
  return best
}

test('four times as many addresses cost about four times as much', async () => {
  const provider = sqliteProvider(':memory:')
  const few = await cpuOfPatch(provider, 500)
  const many = await cpuOfPatch(provider, 2_000)
  await provider.close()
  expect(many / few).toBeLessThan(9)
})

test('four times as many addresses that are all replaced cost about four times as much', async () => {
  const provider = sqliteProvider(':memory:')
  const few = await cpuOfPatch(provider, 2_000, allKeys)
  const many = await cpuOfPatch(provider, 8_000, allKeys)
  await provider.close()
  expect(many / few).toBeLessThan(9)
})

test.each(keyStatements)('SQLite reads the new keys once: %s', async (name) => {
  const connection = openSqlite(':memory:')
  await sqliteProvider(connection).migrate()
  const { sql, parameters } = writeStatements(dialectOf('sqlite'))[name]({ ...ref, rows })
  const plan = connection.prepare(`explain query plan ${sql}`).all(...parameters)
  expect(JSON.stringify(plan)).not.toContain('CORRELATED')
  connection.close()
})

describePostgres('PostgreSQL', (url) => {
  test.each(keyStatements)('hashes one side: %s', async (name) => {
    const provider = postgresProvider(url)
    await provider.migrate()
    await provider.close()
    const { sql, parameters } = writeStatements(dialectOf('postgres'))[name]({ ...ref, rows })
    const text = parameters.reduce<string>((known, value, i) => known.replace(`$${i + 1}`, `'${value}'`), sql)
    const plan = JSON.stringify(await administer(url, [`explain ${text}`]))
    expect(plan).toContain('hashed SubPlan')
  })
})
