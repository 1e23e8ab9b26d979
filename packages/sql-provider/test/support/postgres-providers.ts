import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { kyselyProvider } from '../../src/kysely.js'
import { postgresProvider } from '../../src/postgres.js'
import type { SqlProvider } from '../../src/provider.js'

/** Providers on one connection to a database: by our own driver, and by the Kysely instance of a host. For `test.each`. */
export function postgresProviders(url: string): readonly (readonly [name: string, open: () => SqlProvider])[] {
  const own = (): SqlProvider => postgresProvider(url, { maxConnections: 1 })
  const ofHost = (): SqlProvider => {
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
    return { ...kyselyProvider(db, { dialect: 'postgres' }), close: () => db.destroy() }
  }
  return [
    ['our own driver', own],
    ["a host's Kysely", ofHost],
  ]
}
