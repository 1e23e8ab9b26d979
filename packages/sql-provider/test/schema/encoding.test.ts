/** A database with another encoding than UTF-8 is rejected before any table is created. */
import { describe, expect, test } from '@jest/globals'
import { documentOnly } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { kyselyProvider } from '../../src/kysely.js'
import { postgresProvider } from '../../src/postgres.js'
import { SchemaMismatch } from '../../src/schema/migrate.js'
import { administer, describePostgres } from '../support/postgres.js'

describePostgres('PostgreSQL in another encoding', (url) => {
  describe.each(['LATIN1', 'SQL_ASCII'])('%s', (encoding) => {
    const database = `${new URL(url).pathname.slice(1)}_${encoding.toLowerCase()}`
    const other = new URL(url)
    other.pathname = `/${database}`

    test('is rejected with its name, at the migration and at the first request, with our driver and with Kysely', async () => {
      await administer(url, [`create database ${database} template template0 encoding '${encoding}' locale 'C'`])
      try {
        const db = new Kysely<unknown>({
          dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: other.href }) }),
        })
        const refusal = new RegExp(`encoding ${encoding}; ScimKit needs UTF8`)
        for (const provider of [
          postgresProvider(other.href),
          postgresProvider(other.href, { migrations: 'never' }),
          kyselyProvider(db, { dialect: 'postgres' }),
        ]) {
          const read = async () => provider.read({ type: 'User', id: 'x' }, documentOnly, testContext())
          await expect(read()).rejects.toThrow(refusal)
          await expect(provider.migrate()).rejects.toBeInstanceOf(SchemaMismatch)
          await provider.close()
        }
        expect(await administer(other.href, ["select relname from pg_class where relname like 'scim%'"])).toEqual([])
        await db.destroy()
      } finally {
        await administer(url, [`drop database ${database} with (force)`])
      }
    })
  })
})
