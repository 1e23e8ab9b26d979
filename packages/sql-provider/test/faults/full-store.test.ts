/**
 * A database without space is 507 and not "busy, try again": the same request succeeds only after the operator has made room. A
 * statement that the database rejects is 500, a value that is too large is 400.
 */
import { randomBytes } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { createScim, type JsonObject, rawVersion, tenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../src/driver/sqlite/driver.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { administer, describePostgres } from '../support/postgres.js'
import { postgresProviders } from '../support/postgres-providers.js'

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'

const final = (status: number, text: string) =>
  expect.objectContaining({ status, headers: {}, message: expect.stringContaining(text) })
const full = final(507, 'is full; nothing was written')

function creates(provider: ResourceProvider): (type: string, body: JsonObject) => Promise<unknown> {
  const scim = createScim({ provider })
  const context = scim.context({ tenant: tenantId('full') })
  return (type, body) => scim.perform({ kind: 'create', type, body }, context)
}

test('SQLite: a file at its maximum size is 507, and existing resources can still be removed', async () => {
  const connection = openSqlite(':memory:')
  const provider = sqliteProvider(connection)
  const create = creates(provider)
  await provider.migrate()
  const [{ page_count: pages } = { page_count: 0 }] = connection.prepare('pragma page_count').all() as {
    page_count: number
  }[]
  connection.exec(`pragma max_page_count = ${pages + 20}`)
  const user = (i: number): JsonObject => ({ schemas: [userSchema], userName: `user ${i}`, title: 'x'.repeat(10_000) })
  await create('User', user(0))
  await expect(
    (async () => {
      for (let i = 1; i < 100; i++) await create('User', user(i))
    })(),
  ).rejects.toEqual(full)
  const rows = connection.prepare('select id, version from scim_resources').all() as { id: string; version: string }[]
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.length).toBeLessThan(20)
  const [{ id, version } = { id: '', version: '' }] = rows
  const removal = { at: '2026-01-01T00:00:00Z', nonce: '0123456789ab' }
  const ref = { type: 'User', id }
  const context = createScim({ provider }).context({ tenant: tenantId('full') })
  expect(await provider.remove(ref, rawVersion(version), removal, context)).toMatchObject({ kind: 'success' })
  await provider.close()
})

test('SQLite: a value that is too large ends as refused, a statement on a missing table ends as rejected', async () => {
  const driver = sqliteDriver(openSqlite(':memory:'))
  const read = async (sql: string) => driver.read([{ sql, parameters: [], lasting: false }])
  await expect(read('select zeroblob(2000000000)')).rejects.toMatchObject({
    outcome: 'refused',
    limit: expect.stringContaining('SQLITE_MAX_LENGTH'),
  })
  await expect(read('select * from nothing')).rejects.toMatchObject({ outcome: 'rejected' })
  await driver.close()
})

describePostgres('PostgreSQL', (url) => {
  test.each(postgresProviders(url))(
    '%s: a full disk, a lost permission, and indexed values that are too long',
    async (_, open) => {
      const provider = open()
      const create = creates(provider)
      await provider.migrate()
      const user = { schemas: [userSchema], userName: `user of ${_}` }
      const failingWith = (sqlState: string) =>
        administer(url, [
          `create or replace function fail() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '${sqlState}'; end $$`,
          'create or replace trigger fails before insert on scim_resources for each row execute function fail()',
        ])
      await failingWith('53100')
      await expect(create('User', user)).rejects.toEqual(full)
      await failingWith('42501')
      await expect(create('User', user)).rejects.toEqual(final(500, 'nothing was written'))
      await administer(url, ['drop trigger fails on scim_resources'])
      // The server compresses values; random text cannot be compressed.
      const long = randomBytes(6_000).toString('hex')
      const short = { ...user, externalId: 'short' }
      const tooLong = (attribute: string) =>
        final(400, `about 2,700 bytes in an index entry, after compression. The longest one is in ${attribute}.`)
      await expect(create('User', { ...short, userName: long })).rejects.toEqual(tooLong('userName'))
      await expect(create('User', { ...short, externalId: long })).rejects.toEqual(tooLong('externalId'))
      await expect(create('User', { ...short, emails: [{ value: long }] })).rejects.toEqual(tooLong('emails.value'))
      const group = { schemas: [groupSchema], displayName: 'g', members: [{ value: 'short' }, { value: long }] }
      await expect(create('Group', group)).rejects.toEqual(tooLong('members.value'))
      expect(await create('User', { ...short, title: long })).toMatchObject({ kind: 'created' })
      await provider.close()
    },
  )
})
