import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialect.js'

/**
 * True of values that are among those of a `(select …)`, found by an index on the column. PostgreSQL goes from an array
 * to the rows, also while it has no idea how many there are; given a subquery it may rather read the whole table.
 */
export function among(
  dialect: DialectName,
  column: RawBuilder<unknown>,
  selected: RawBuilder<unknown>,
): RawBuilder<boolean> {
  return dialect === 'sqlite' ? sql`${column} in ${selected}` : sql`${column} = any (array${selected})`
}
