/** Comparisons in SQL with the meaning that the core's `evaluate` gives them. @see RFC 7644 §3.4.2.2 */
import type { CompareOperator } from '@scimkit/core'
import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialect.js'
import type { Condition } from './pushed.js'

/** The order comparisons and equality, of text by code point, of numbers by value. */
export function compared(
  operator: 'eq' | 'gt' | 'ge' | 'lt' | 'le',
  column: RawBuilder<unknown>,
  value: string | number,
): Condition {
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

/** `co`, `sw` and `ew` without LIKE: nothing has to be escaped, and no database bounds the length of what is sought. */
export function searched(
  dialect: DialectName,
  operator: 'co' | 'sw' | 'ew',
  column: RawBuilder<unknown>,
  part: string,
): Condition {
  // Every text contains, begins and ends with nothing.
  if (part === '') return sql`${column} is not null`
  switch (operator) {
    case 'co':
      return dialect === 'sqlite' ? sql`instr(${column}, ${part}) > 0` : sql`strpos(${column}, ${part}) > 0`
    case 'sw':
      return sql`substr(${column}, 1, ${sql.lit(lengthOf(part))}) = ${part}`
    case 'ew':
      return dialect === 'sqlite'
        ? sql`substr(${column}, ${sql.lit(-lengthOf(part))}) = ${part}`
        : sql`right(${column}, ${sql.lit(lengthOf(part))}) = ${part}`
  }
}

/** True for operators that look for a part of text. */
export function isSearch(operator: CompareOperator): operator is 'co' | 'sw' | 'ew' {
  return operator === 'co' || operator === 'sw' || operator === 'ew'
}

// SQL counts characters, JavaScript UTF-16 units.
function lengthOf(text: string): number {
  return Array.from(text).length
}
