/** Comparisons in SQL with the same meaning as in the core's `evaluate`. @see RFC 7644 §3.4.2.2 */
import type { CompareOperator } from '@scimkit/core/filter'
import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../../dialect/dialect.js'
import { prefixEnd } from '../../statement/prefix-end.js'

/** Operators that compare two values: `ne` is expressed with `eq`. */
export type ValueOperator = Exclude<CompareOperator, 'ne'>

/** Operators that search for a part of text. */
export type SearchOperator = 'co' | 'sw' | 'ew'

/** The order comparisons and equality, of text by code point, of numbers by value. */
export function compared(
  operator: Exclude<ValueOperator, SearchOperator>,
  column: RawBuilder<unknown>,
  value: string | number,
): RawBuilder<boolean> {
  switch (operator) {
    case 'eq':
      return sql`${column} = ${value}`
    case 'gt':
      return sql`${column} > ${value}`
    case 'ge':
      return sql`${column} >= ${value}`
    case 'lt':
      return sql`${column} < ${value}`
    case 'le':
      return sql`${column} <= ${value}`
  }
}

/** `co`, `sw` and `ew` without LIKE: nothing has to be escaped, and no database limits the length of the search text. */
export function searched(
  dialect: Dialect,
  operator: SearchOperator,
  column: RawBuilder<unknown>,
  part: string,
): RawBuilder<boolean> {
  // Every text contains the empty text, and begins and ends with it.
  if (part === '') return sql`${column} is not null`
  switch (operator) {
    case 'co':
      return dialect.contains(column, part)
    case 'sw':
      return startsWith(column, part)
    case 'ew':
      return dialect.endsWith(column, part, lengthOf(part))
  }
}

/** The comparison of text with any operator. */
export function comparedText(
  dialect: Dialect,
  operator: ValueOperator,
  column: RawBuilder<unknown>,
  key: string,
): RawBuilder<boolean> {
  return isSearch(operator) ? searched(dialect, operator, column, key) : compared(operator, column, key)
}

/** True for operators that search for a part of text. */
export function isSearch(operator: CompareOperator): operator is SearchOperator {
  return operator === 'co' || operator === 'sw' || operator === 'ew'
}

// All texts with a prefix are adjacent in the order of code points, beginning with the prefix itself.
function startsWith(column: RawBuilder<unknown>, prefix: string): RawBuilder<boolean> {
  const end = prefixEnd(prefix)
  return end === undefined ? sql`${column} >= ${prefix}` : sql`(${column} >= ${prefix} and ${column} < ${end})`
}

// SQL counts characters, JavaScript UTF-16 units.
function lengthOf(text: string): number {
  return Array.from(text).length
}
