import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialect.js'

/** Our tables that a walk steps through. */
export type StepTable = 'scim_members' | 'scim_resources' | 'scim_keys'

/**
 * Joins a table to what stands before it, row by row through an index, whatever the planner thinks: of a walk from
 * member to group to group it knows nothing, and where it guesses wrong it reads whole tables. SQLite keeps the order of
 * a CROSS JOIN; PostgreSQL cannot take a subquery with OFFSET apart.
 */
export function stepTo(
  dialect: DialectName,
  table: StepTable,
  alias: string,
  on: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const name = sql.table(table)
  const as = sql.ref(alias)
  return dialect === 'sqlite'
    ? sql`cross join ${name} as ${as} on ${on}`
    : sql`cross join lateral (select ${as}.* from ${name} as ${as} where ${on} offset 0) as ${as}`
}
