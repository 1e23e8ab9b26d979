import { type RawBuilder, sql } from 'kysely'
import { type Condition, every, opposite, some, test } from './condition.js'

/**
 * What SQL can say of a filter. Exact: a row matches if and only if the condition holds. Otherwise every match satisfies
 * the condition, and the core has to look at what satisfies it; without a condition, at everything.
 */
export type Pushed =
  | { readonly exact: true; readonly condition: Condition }
  | { readonly exact: false; readonly condition: Condition | undefined }

/** SQL can say nothing of it. */
export const nothing: Pushed = { exact: false, condition: undefined }

/** Holds for no row. */
export const never: Pushed = exactly(sql`1 = 0`)

/** Holds for every row. */
export const always: Pushed = exactly(sql`1 = 1`)

/** SQL says just what the filter says. */
export function exactly(condition: Condition | RawBuilder<boolean>): Pushed {
  return { exact: true, condition: 'holds' in condition ? condition : test(condition) }
}

/** SQL lets through what the filter lets through, and more. */
export function atLeast({ condition }: Pushed): Pushed {
  return { exact: false, condition }
}

/** All terms hold; what SQL cannot say of some is left to the core. */
export function allOf(terms: readonly Pushed[]): Pushed {
  const conditions = terms.flatMap(({ condition }) => (condition === undefined ? [] : [condition]))
  if (conditions.length === 0) return nothing
  const pushed = exactly(every(conditions))
  return terms.every(({ exact }) => exact) ? pushed : atLeast(pushed)
}

/** Some term holds. If SQL cannot narrow one of them down, it cannot narrow down the whole. */
export function anyOf(terms: readonly Pushed[]): Pushed {
  const conditions: Condition[] = []
  for (const { condition } of terms) {
    if (condition === undefined) return nothing
    conditions.push(condition)
  }
  const pushed = exactly(some(conditions))
  return terms.every(({ exact }) => exact) ? pushed : atLeast(pushed)
}

/** The term does not hold; only of what SQL says exactly can it say the opposite. */
export function not(term: Pushed): Pushed {
  return term.exact ? exactly(opposite(term.condition)) : nothing
}
