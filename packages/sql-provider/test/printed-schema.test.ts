/** The SQL that is printed for `wrangler d1 migrations` leads to the database that the provider makes by itself. */
import { describe, expect, it, test } from '@jest/globals'
import { type D1ProviderOptions, d1MigrationSql, d1Provider } from '../src/d1.js'
import { dialectOf } from '../src/dialect.js'
import { openSqlite, rowsOf, type SqliteConnection } from '../src/driver/sqlite-connection.js'
import { migrations, newestSchema } from '../src/schema/migrations.js'
import { fakeD1 } from './support/fake-d1.js'

const indexes = { User: ['name.familyName', "o'clock"] }
const versions = Array.from({ length: newestSchema }, (_, from) => from)

/** What the database holds of ours: its tables, indexes and triggers, and what is noted about them. */
function stateOf(connection: SqliteConnection): unknown {
  const named = rowsOf(
    connection.prepare("select type, name, sql from sqlite_master where name like 'scim%' order by name"),
    [],
  )
  const meta = rowsOf(connection.prepare('select name, value from scim_meta order by name'), [])
  // SQLite keeps the text of a trigger as it was written, with its spaces.
  const texts = named.map((row) => ({ ...row, sql: String(row.sql).toLowerCase().replace(/\s+/g, ' ') }))
  return { texts, meta: meta.map((row) => ({ ...row })) }
}

/** A database as a version of before left it. */
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

/** As wrangler applies a file: as one unit. */
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
  it('leads to what migrate makes, also when it is applied twice', async () => {
    const connection = await leftAt(from)
    const text = d1MigrationSql({ from, indexes })
    for (const _time of [1, 2]) {
      apply(connection, text)
      expect(stateOf(connection)).toEqual(stateOf(await migrated()))
    }
  })

  it('leaves the first request nothing to migrate, and nothing to write', async () => {
    const connection = await leftAt(from)
    apply(connection, d1MigrationSql({ from, indexes }))
    const db = fakeD1(connection)
    expect(await d1Provider(db, { migrations: 'never', indexes }).facts.read('anything')).toBeUndefined()
    // Two that look at the schema, and the one that was asked for.
    expect(db.calls.map((call) => call.map((text) => text.split(' ')[0]))).toEqual([['select'], ['select'], ['select']])
  })

  it('refuses a database at another schema, and changes nothing', async () => {
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
      // Wrangler finds the end of a trigger by this word, in capitals.
      if (/\bbegin\b/i.test(line)) expect(line).toMatch(/ BEGIN .*; END;$/)
    }
  })
})

test.each(versions)('from schema 0, the file brings a database at schema %i up to date too', async (schema) => {
  const connection = await leftAt(schema)
  apply(connection, d1MigrationSql({ indexes }))
  expect(stateOf(connection)).toEqual(stateOf(await migrated()))
})

test('keys that are made for other attributes are left to the provider, which says so', async () => {
  const connection = await migrated({})
  apply(connection, d1MigrationSql({ indexes }))
  const provider = d1Provider(fakeD1(connection), { migrations: 'never', indexes })
  await expect(provider.ready()).rejects.toThrow('other attributes')
  await provider.migrate()
  await provider.ready()
})

test.each([-1, newestSchema, newestSchema + 1, 0.5, Number.NaN])('from %p is refused', (from) => {
  expect(() => d1MigrationSql({ from })).toThrow(TypeError)
})
