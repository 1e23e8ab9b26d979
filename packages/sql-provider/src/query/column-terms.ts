/** Terms on what every resource has a column for: its id and its times. */
import type { CompareFilter } from '@scimkit/core'
import { type RawBuilder, sql } from 'kysely'
import { compared, isSearch, searched } from './comparison.js'
import { exactly, never, nothing, type Pushed } from './pushed.js'
import type { Scope } from './scope.js'

/** The id as filters compare it, in NFC. */
export const idColumn: RawBuilder<unknown> = sql`coalesce(r.id_key, r.id)`

/** A column that every row has a value in. */
interface Column {
  readonly text: RawBuilder<unknown>
  /** What order comparisons use. */
  readonly key: RawBuilder<unknown>
}

const columns: Readonly<Record<string, Column>> = {
  id: { text: idColumn, key: idColumn },
  'meta.created': { text: sql`r.created`, key: sql`r.created_ms` },
  'meta.lastModified': { text: sql`r.modified`, key: sql`r.modified_ms` },
}

/** True for paths that every resource has a column for. */
export function hasColumn(path: string): boolean {
  return Object.hasOwn(columns, path)
}

/** The column that the path sorts by; undefined if it has none. */
export function sortColumn(path: string): RawBuilder<unknown> | undefined {
  return Object.hasOwn(columns, path) ? columns[path]?.key : undefined
}

/** A comparison on a path that {@link hasColumn}. */
export function columnComparison({ dialect }: Scope, path: string, { operator, key }: CompareFilter): Pushed {
  const column = columns[path]
  if (column === undefined) return nothing
  if (key === null) return operator === 'ne' ? exactly(sql`1 = 1`) : never
  if (typeof key === 'boolean') return nothing
  if (isSearch(operator)) return exactly(searched(dialect, operator, column.text, String(key)))
  // Every condition is true or false, never null: the filter's `not` is SQL's.
  if (path === 'id' && operator === 'eq') {
    return exactly(sql`(r.id = ${key} or (r.id_key is not null and r.id_key = ${key}))`)
  }
  if (operator === 'ne') return exactly(sql`not (${compared('eq', column.key, key)})`)
  return exactly(compared(operator, column.key, key))
}
