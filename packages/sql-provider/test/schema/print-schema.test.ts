/** The printed SQL for `wrangler d1 migrations` results in the same database as the migration of the provider. */
import { describe, expect, it, test } from '@jest/globals'
import { type D1ProviderOptions, d1MigrationSql, d1Provider } from '../../src/d1.js'
import { dialectOf } from '../../src/dialect/dialects.js'
import { openSqlite, rowsOf, type SqliteConnection } from '../../src/driver/sqlite/connection.js'
import { migrations, newestSchema } from '../../src/schema/migrations.js'
import { fakeD1 } from '../support/edge/fake-d1.js'

const indexes = { User: ['name.familyName', "o'clock"] }
const versions = Array.from({ length: newestSchema }, (_, from) => from)

/** The tables, indexes and triggers of the provider in the database, and its metadata. */
function stateOf(connection: SqliteConnection): unknown {
  const named = rowsOf(
    connection.prepare("select type, name, sql from sqlite_master where name like 'scim%' order by name"),
    [],
  )
  const meta = rowsOf(connection.prepare('select name, value from scim_meta order by name'), [])
  // SQLite stores the original text of a trigger, including its spaces.
  const texts = named.map((row) => ({ ...row, sql: String(row.sql).toLowerCase().replace(/\s+/g, ' ') }))
  return { texts, meta: meta.map((row) => ({ ...row })) }
}

/** A database with an earlier schema. */
async function leftAt(schema: number): Promise<SqliteConnection> {
  const connection = openSqlite(':memory:')
  if (schema === 0) return connection
  for (const migration of migrations.slice(0, schema)) {
    for (const statement of migration(dialectOf('sqlite'))) connection.exec(statement.compile().sql)
  }
  connection.exec(`insert into scim_meta (name, value) values ('schema', '${schema}')`)
  connection.prepare('insert into scim_meta (name, value) values (?, ?)').run('indexes', await signature())
  return connection
}

async function migrated(options: D1ProviderOptions = { indexes }): Promise<SqliteConnection> {
  const connection = openSqlite(':memory:')
  await d1Provider(fakeD1(connection), options).migrate()
  return connection
}

async function signature(): Promise<string> {
  const [row] = rowsOf((await migrated()).prepare("select value from scim_meta where name = 'indexes'"), [])
  return String(row?.value)
}

/** Applies a file as one unit, like wrangler. */
function apply(connection: SqliteConnection, text: string): void {
  connection.exec('begin')
  try {
    connection.exec(text)
    connection.exec('commit')
  } catch (error) {
    connection.exec('rollback')
    throw error
  }
}

describe.each(versions)('from schema %i', (from) => {
  it('has the same result as migrate, also if it is applied twice', async () => {
    const connection = await leftAt(from)
    const text = d1MigrationSql({ from, indexes })
    for (const _time of [1, 2]) {
      apply(connection, text)
      expect(stateOf(connection)).toEqual(stateOf(await migrated()))
    }
  })

  it('leaves nothing to migrate or to write for the first request', async () => {
    const connection = await leftAt(from)
    apply(connection, d1MigrationSql({ from, indexes }))
    const db = fakeD1(connection)
    expect(await d1Provider(db, { migrations: 'never', indexes }).facts.read('anything')).toBeUndefined()
    // Two statements that check the schema, and the requested one.
    expect(db.calls.map((call) => call.map((text) => text.split(' ')[0]))).toEqual([['select'], ['select'], ['select']])
  })

  it('rejects a database with another schema, and changes nothing', async () => {
    for (const other of versions.filter((version) => version < from)) {
      const connection = await leftAt(other)
      expect(() => apply(connection, d1MigrationSql({ from, indexes }))).toThrow()
      if (other > 0) expect(stateOf(connection)).toEqual(stateOf(await leftAt(other)))
    }
    const newer = await migrated()
    newer.exec(`update scim_meta set value = '${newestSchema + 1}' where name = 'schema'`)
    const before = stateOf(newer)
    expect(() => apply(newer, d1MigrationSql({ from, indexes }))).toThrow('ok = 1')
    expect(stateOf(newer)).toEqual(before)
  })

  it('is one line for each statement, which ends with a semicolon, and begins no transaction', () => {
    for (const line of d1MigrationSql({ from, indexes }).trimEnd().split('\n')) {
      expect(line).toMatch(/^(--.*|[a-z].*;)$/)
      expect(line).not.toMatch(/begin transaction|commit|savepoint|pragma/i)
      // Wrangler finds the end of a trigger by this word in upper case.
      if (/\bbegin\b/i.test(line)) expect(line).toMatch(/ BEGIN .*; END;$/)
    }
  })
})

test.each(versions)('from schema 0, the file also migrates a database with schema %i', async (schema) => {
  const connection = await leftAt(schema)
  apply(connection, d1MigrationSql({ indexes }))
  expect(stateOf(connection)).toEqual(stateOf(await migrated()))
})

test('keys for other attributes are not changed, and the provider reports them', async () => {
  const connection = await migrated({})
  apply(connection, d1MigrationSql({ indexes }))
  const provider = d1Provider(fakeD1(connection), { migrations: 'never', indexes })
  await expect(provider.ready()).rejects.toThrow('other attributes')
  await provider.migrate()
  await provider.ready()
})

test.each([-1, newestSchema, newestSchema + 1, 0.5, Number.NaN])('from %p is rejected', (from) => {
  expect(() => d1MigrationSql({ from })).toThrow(TypeError)
})
