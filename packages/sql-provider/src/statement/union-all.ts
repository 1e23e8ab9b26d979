import { type RawBuilder, sql } from 'kysely'

// The limit of D1 for one compound SELECT; other SQLite builds allow 500, and PostgreSQL has no limit.
const mostSelects = 5

/** The rows of at least one select of `row_id`: nested unions, each within the limit of D1. */
export function unionAll(selects: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  if (selects.length <= mostSelects) return sql.join(selects, sql` union all `)
  const groups: RawBuilder<unknown>[] = []
  for (let start = 0; start < selects.length; start += mostSelects) {
    const group = unionAll(selects.slice(start, start + mostSelects))
    groups.push(sql`select row_id from (${group}) as found`)
  }
  return unionAll(groups)
}
