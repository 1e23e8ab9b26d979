/** A migration of D1 as a file, for `wrangler d1 migrations apply`. */
import { dialectOf } from '../dialect.js'
import { indexesFrom } from './indexes.js'
import { newestSchema } from './migrations.js'
import { printedSchema } from './printed.js'

/** What a migration begins with and is for. */
export interface D1MigrationOptions {
  /** The schema of the database now, as `scim_meta` says; 0, the default, is a database without our tables. */
  readonly from?: number
  /** The same as the provider's. Noted in a new database; ignored where there are tables. */
  readonly indexes?: Readonly<Record<string, readonly string[]>>
}

/**
 * The text of a migration file that brings a D1 database to the schema of this version, so that a provider with
 * `migrations: 'never'` finds all that it needs. Statements end with `;` and a line break; there is no BEGIN, which D1
 * refuses. Throws a TypeError for options that make no sense.
 * @see https://developers.cloudflare.com/d1/reference/migrations/
 */
export function d1MigrationSql({ from = 0, indexes }: D1MigrationOptions = {}): string {
  const statements = printedSchema(dialectOf('sqlite'), indexesFrom(indexes), from)
  return [...(from === 0 ? creation : upgrade(from)), ...statements, ''].join('\n')
}

const creation = [
  `-- ScimKit: the tables of @scimkit/sql-provider, schema ${newestSchema}.`,
  '-- Apply as one unit; it may be applied again. A database with a newer schema is refused: CHECK constraint failed, ok = 1.',
  '-- In a database that has resources, only the provider can change which attributes are indexed: call provider.migrate().',
]

const upgrade = (from: number): readonly string[] => [
  `-- ScimKit: the tables of @scimkit/sql-provider, from schema ${from} to schema ${newestSchema}.`,
  '-- Apply as one unit; it may be applied again. A database with another schema is refused: CHECK constraint failed, ok = 1.',
  '-- Until Workers of the new version are deployed, writes are answered 503; nothing is written then.',
  '-- Keys stay as they are. If the option indexes changes too, call provider.migrate() after the deployment.',
]
