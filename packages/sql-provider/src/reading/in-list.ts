import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialect.js'

/**
 * True for values that are among those of a `(select …)`, with an index on the column. For an array, PostgreSQL uses the index
 * even without an estimate of the number of rows; for a subquery it may read the whole table instead.
 */
export function inList(
  dialect: DialectName,
  column: RawBuilder<unknown>,
  selected: RawBuilder<unknown>,
): RawBuilder<boolean> {
  return dialect === 'sqlite' ? sql`${column} in ${selected}` : sql`${column} = any (array${selected})`
}
