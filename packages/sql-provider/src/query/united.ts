import { type RawBuilder, sql } from 'kysely'

// D1 takes no more in one compound SELECT; SQLite elsewhere takes 500, and PostgreSQL does not count.
const mostUnited = 5

/** The rows of all these selects of `row_id`, of which there is at least one: unions of no more than D1 takes, one within another. */
export function united(selects: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  if (selects.length <= mostUnited) return sql.join(selects, sql` union all `)
  const groups: RawBuilder<unknown>[] = []
  for (let start = 0; start < selects.length; start += mostUnited) {
    const group = united(selects.slice(start, start + mostUnited))
    groups.push(sql`select row_id from (${group}) as found`)
  }
  return united(groups)
}
