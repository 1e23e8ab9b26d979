import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialect.js'

/** The tables that a forced join can read. */
export type JoinTable = 'scim_members' | 'scim_resources' | 'scim_keys'

/**
 * Joins a table to the tables before it, row by row through an index, and prevents another plan: the planner has no statistics for
 * a walk from member to group to group, and with a wrong estimate it reads whole tables. SQLite keeps the order of a CROSS JOIN;
 * PostgreSQL cannot flatten a subquery with OFFSET.
 */
export function forcedJoin(
  dialect: DialectName,
  table: JoinTable,
  alias: string,
  on: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const name = sql.table(table)
  const as = sql.ref(alias)
  return dialect === 'sqlite'
    ? sql`cross join ${name} as ${as} on ${on}`
    : sql`cross join lateral (select ${as}.* from ${name} as ${as} where ${on} offset 0) as ${as}`
}
