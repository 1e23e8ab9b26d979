/** A new provider with an outbox on each kind of store, and a way to run SQL beside it. */
import { createRequire } from 'node:module'
import { Kysely, PostgresDialect, type SqliteDatabase, SqliteDialect, sql } from 'kysely'
import pg from 'pg'
import { d1Provider } from '../../../src/d1.js'
import { openSqlite, rowsOf, type SqliteConnection } from '../../../src/driver/sqlite/connection.js'
import { durableObjectProvider } from '../../../src/durable-object.js'
import { kyselyProvider } from '../../../src/kysely.js'
import { postgresProvider } from '../../../src/postgres.js'
import type { SqlProvider, SqlProviderOptions } from '../../../src/provider.js'
import { sqliteProvider } from '../../../src/sqlite.js'
import { fakeD1 } from '../edge/fake-d1.js'
import { fakeDurableObject } from '../edge/fake-durable-object.js'
import { administer } from '../postgres.js'

/** A store of a test. */
export interface OutboxStore {
  readonly provider: SqlProvider
  /** Runs one statement without parameters beside the provider. */
  ask(text: string): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

/** Opens a store; every call with the same kind may be on the same, empty database. */
export type OpenOutboxStore = (options?: SqlProviderOptions) => Promise<OutboxStore>

const withOutbox = { outbox: true } as const

function askSqlite(connection: SqliteConnection): OutboxStore['ask'] {
  return async (text) => {
    if (text.startsWith('select')) return rowsOf(connection.prepare(text), [])
    connection.exec(text)
    return []
  }
}

const onConnection =
  (make: (connection: SqliteConnection, options: SqlProviderOptions) => SqlProvider): OpenOutboxStore =>
  async (options = withOutbox) => {
    const connection = openSqlite(':memory:')
    const provider = make(connection, options)
    return { provider, ask: askSqlite(connection), close: async () => void connection.close() }
  }

/** The stores that need no server. */
export const embeddedStores: readonly (readonly [name: string, open: OpenOutboxStore])[] = [
  ['SQLite', onConnection((connection, options) => sqliteProvider(connection, options))],
  ['D1', onConnection((connection, options) => d1Provider(fakeD1(connection), options))],
  [
    'a Durable Object',
    onConnection((connection, options) => durableObjectProvider(fakeDurableObject(connection), options)),
  ],
  [
    'SQLite through Kysely',
    async (options = withOutbox) => {
      const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqliteDatabase
      const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })
      return {
        provider: kyselyProvider(db, { dialect: 'sqlite', ...options }),
        ask: async (text) => (await sql.raw<Record<string, unknown>>(text).execute(db)).rows,
        close: () => db.destroy(),
      }
    },
  ],
]

let schemas = 0

/** The stores on a PostgreSQL; each is in a schema of its own. */
export function postgresStores(url: string): readonly (readonly [name: string, open: OpenOutboxStore])[] {
  async function ownSchema(): Promise<string> {
    schemas += 1
    await administer(url, [`create schema outbox${schemas}`])
    const own = new URL(url)
    own.searchParams.set('options', `-c search_path=outbox${schemas}`)
    return own.href
  }
  return [
    [
      'PostgreSQL',
      async (options = withOutbox) => {
        const own = await ownSchema()
        const provider = postgresProvider(own, options)
        return { provider, ask: (text) => administer(own, [text]), close: async () => provider.close() }
      },
    ],
    [
      'PostgreSQL through Kysely',
      async (options = withOutbox) => {
        const own = await ownSchema()
        const db = new Kysely<unknown>({
          dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: own, max: 5 }) }),
        })
        return {
          provider: kyselyProvider(db, { dialect: 'postgres', ...options }),
          ask: (text) => administer(own, [text]),
          close: () => db.destroy(),
        }
      },
    ],
  ]
}
