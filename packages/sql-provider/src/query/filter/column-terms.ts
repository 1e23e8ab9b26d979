/** Terms on attributes with a column: the id and the times. */
import type { CompareFilter } from '@scimkit/core/filter'
import { type RawBuilder, sql } from 'kysely'
import { compared, comparedText, isSearch } from './comparison.js'
import type { Scope } from './scope.js'
import { always, exactly, never, not, nothing, type SqlFilter } from './sql-filter.js'

/** The id in NFC, as filters compare it. */
export const idColumn: RawBuilder<unknown> = sql`coalesce(r.id_key, r.id)`

/** A column with a value in every row. */
interface Column {
  readonly text: RawBuilder<unknown>
  /** The expression for order comparisons. */
  readonly key: RawBuilder<unknown>
}

const columns: ReadonlyMap<string, Column> = new Map([
  ['id', { text: idColumn, key: idColumn }],
  ['meta.created', { text: sql`r.created`, key: sql`r.created_ms` }],
  ['meta.lastModified', { text: sql`r.modified`, key: sql`r.modified_ms` }],
])

/** True for paths with a column. */
export function hasColumn(path: string): boolean {
  return columns.has(path)
}

/** The sort column of the path; undefined if it has none. */
export function sortColumn(path: string): RawBuilder<unknown> | undefined {
  return columns.get(path)?.key
}

/** A comparison on a path that {@link hasColumn}. */
export function columnComparison(scope: Scope, path: string, { operator, key }: CompareFilter): SqlFilter {
  const column = columns.get(path)
  if (column === undefined || typeof key === 'boolean') return nothing
  if (key === null) return operator === 'ne' ? always : never
  if (operator === 'ne') return not(exactly(compared('eq', column.key, key)))
  if (path === 'id' && operator === 'eq') {
    return exactly({
      holds: compared('eq', idColumn, key),
      candidates: { kind: 'few', selects: rowsWithId(scope, sql`${key}`) },
    })
  }
  if (isSearch(operator)) return exactly(comparedText(scope.dialect, operator, column.text, String(key)))
  return exactly(compared(operator, column.key, key))
}

/**
 * The rows, of any type, whose id has this key. Two lookups: for an OR of both conditions, SQLite reads every resource of the
 * tenant.
 */
export function rowsWithId({ tenant }: Scope, key: RawBuilder<unknown>): readonly RawBuilder<unknown>[] {
  return [
    sql`select i.row_id from scim_resources as i where i.tenant = ${tenant} and i.id = ${key}`,
    sql`select i.row_id from scim_resources as i where i.tenant = ${tenant} and i.id_key = ${key}`,
  ]
}
