/** The statements of a walk through resources in base order. They are built once per query, and run for each portion. */
import { type RawBuilder, sql } from 'kysely'
import type { Statement } from '../../driver/driver.js'
import { rowsText } from '../../reading/rows.js'
import { compilable } from '../../statement/compilable.js'
import { numbersIn } from '../../statement/numbers-in.js'
import { passing, slotNamed } from '../../statement/template.js'
import { type Condition, inScope, ofScope } from '../filter/condition.js'
import type { Search } from './search.js'

/** The statements that find the portions of a walk, and their rows that satisfy the condition. */
export interface WalkStatements {
  /** `last` and `looked`: the last of the next `size` rows of the type, and their number. */
  bound(after: number, size: number): Statement
  /** The next `size` rows of the type, without the condition. */
  next(after: number, size: number): Statement
  /** The rows after one and up to another. */
  between(after: number, last: number): Statement
  /** The rows among these. */
  among(rows: readonly number[]): Statement
  /** The greatest number of parameters of one of them. */
  readonly parameters: number
}

/** The rows of a condition, with these columns of `r`; of every resource in scope if there is none. */
export function walkStatements(
  { store: { dialect }, scope, sets }: Pick<Search, 'store' | 'scope' | 'sets'>,
  condition: Condition | undefined,
  columns: RawBuilder<unknown>,
): WalkStatements {
  const guard = scope.guard()
  const holds = condition === undefined ? sql`` : sql` and ${condition.holds}`
  const of = (where: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`select ${columns} from scim_resources as r where ${where}${holds}${guard.and} order by r.row_id${guard.end}`
  const [after, last] = [slotNamed<number>('after'), slotNamed<number>('last')]
  const bound = passing<{ after: number; size: number }>(
    compilable(
      dialect,
      sql`select max(row_id) as last, count(*) as looked from (
        select r.row_id from scim_resources as r where ${inScope(scope)} and r.row_id > ${after}
        order by r.row_id limit ${slotNamed<number>('size')}) as part`,
    ),
  )
  const between = passing<Record<string, string | number>>(
    compilable(dialect, of(sql`${inScope(scope)} and r.row_id > ${after} and r.row_id <= ${last}`)),
  )
  const next = passing<{ after: number; size: number }>(
    compilable(
      dialect,
      sql`select ${columns} from scim_resources as r where ${inScope(scope)} and r.row_id > ${after}
        order by r.row_id limit ${slotNamed<number>('size')}`,
    ),
  )
  const chosen = sql`(${numbersIn(dialect, slotNamed<string>('rows'))})`
  const amongRows = passing<Record<string, string>>(
    compilable(dialect, of(sql`${dialect.inList(sql`r.row_id`, chosen)} and ${ofScope(scope)}`)),
  )
  return {
    bound: (from, size) => bound({ after: from, size }),
    next: (from, size) => next({ after: from, size }),
    between: (from, to) => between({ ...sets.between(from + 1, to), after: from, last: to }),
    among: (rows) => amongRows({ ...sets.between(rows[0] ?? 0, rows.at(-1) ?? -1), rows: rowsText(rows) }),
    parameters: between({ after: 0, last: 0 }).parameters.length,
  }
}
