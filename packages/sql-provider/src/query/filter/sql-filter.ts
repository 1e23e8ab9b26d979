import { type RawBuilder, sql } from 'kysely'
import { type Condition, every, opposite, some, test } from './condition.js'

/**
 * The SQL form of a filter. Exact: a row matches if and only if it satisfies the condition. Otherwise every match satisfies the
 * condition, and the core has to evaluate the rows that satisfy it; without a condition, all rows.
 */
export type SqlFilter =
  | { readonly exact: true; readonly condition: Condition }
  | { readonly exact: false; readonly condition: Condition | undefined }

/** SQL cannot express the filter. */
export const nothing: SqlFilter = { exact: false, condition: undefined }

/** True for no row. */
export const never: SqlFilter = exactly(sql`1 = 0`)

/** True for every row. */
export const always: SqlFilter = exactly(sql`1 = 1`)

/** The condition is equivalent to the filter. */
export function exactly(condition: Condition | RawBuilder<boolean>): SqlFilter {
  return { exact: true, condition: 'holds' in condition ? condition : test(condition) }
}

/** The condition is weaker than the filter: it accepts all matches, and possibly other rows. */
export function atLeast({ condition }: SqlFilter): SqlFilter {
  return { exact: false, condition }
}

/** The conjunction; the core evaluates terms that SQL cannot express. */
export function allOf(terms: readonly SqlFilter[]): SqlFilter {
  const conditions = terms.flatMap(({ condition }) => (condition === undefined ? [] : [condition]))
  if (conditions.length === 0) return nothing
  const sqlFilter = exactly(every(conditions))
  return terms.every(({ exact }) => exact) ? sqlFilter : atLeast(sqlFilter)
}

/** The disjunction. If SQL cannot express one of the terms, it cannot express the disjunction. */
export function anyOf(terms: readonly SqlFilter[]): SqlFilter {
  const conditions: Condition[] = []
  for (const { condition } of terms) {
    if (condition === undefined) return nothing
    conditions.push(condition)
  }
  const sqlFilter = exactly(some(conditions))
  return terms.every(({ exact }) => exact) ? sqlFilter : atLeast(sqlFilter)
}

/** The negation; SQL can express it only for an exact term. */
export function not(term: SqlFilter): SqlFilter {
  return term.exact ? exactly(opposite(term.condition)) : nothing
}
