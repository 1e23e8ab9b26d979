import { type RawBuilder, sql } from 'kysely'

/**
 * A column in a form that no index matches. For a resource by id, only the index of the id is useful; but without statistics, in
 * the first minutes of a new database, PostgreSQL may choose any index with the type and read all rows of that type.
 */
export function compareOnly(column: string): RawBuilder<string> {
  return sql`(${sql.ref(column)} || '')`
}
