/** A migration of D1 as a file, for `wrangler d1 migrations apply`. */
import { sqliteDialect } from '../dialect/sqlite.js'
import { indexesFrom } from '../keys/indexes.js'
import { newestSchema } from './migrations.js'
import { printedSchema } from './print-schema.js'

/** The options of {@link d1MigrationSql}. */
export interface D1MigrationOptions {
  /** The current schema of the database, as in `scim_meta`; 0, the default, is a database without tables of ScimKit. */
  readonly from?: number
  /** The same as the provider's. Stored in a new database; ignored if there are tables. */
  readonly indexes?: Readonly<Record<string, readonly string[]>>
}

/**
 * The text of a migration file that brings a D1 database to the schema of this version, for a provider with
 * `migrations: 'never'`. Statements end with `;` and a line break; there is no BEGIN, which D1 rejects. Throws a TypeError for
 * invalid options.
 * @see https://developers.cloudflare.com/d1/reference/migrations/
 */
export function d1MigrationSql({ from = 0, indexes }: D1MigrationOptions = {}): string {
  const statements = printedSchema(sqliteDialect, indexesFrom(indexes), from)
  return [...(from === 0 ? creation : upgrade(from)), ...statements, ''].join('\n')
}

const creation = [
  `-- ScimKit: the tables of @scimkit/sql-provider, schema ${newestSchema}.`,
  '-- Apply as one unit; it may be applied again. A database with a newer schema is rejected: CHECK constraint failed, ok = 1.',
  '-- In a database with resources, only the provider can change the indexed attributes: call provider.migrate().',
]

const upgrade = (from: number): readonly string[] => [
  `-- ScimKit: the tables of @scimkit/sql-provider, from schema ${from} to schema ${newestSchema}.`,
  '-- Apply as one unit; it may be applied again. A database with another schema is rejected: CHECK constraint failed, ok = 1.',
  '-- Until Workers of the new version are deployed, writes are answered with 503 and nothing is written.',
  '-- The keys do not change. If the option indexes changes too, call provider.migrate() after the deployment.',
]
