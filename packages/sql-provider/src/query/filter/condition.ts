/**
 * Conditions over `r`, the row of a resource: a test of one row, and the index that finds the rows that may pass it. A list chooses
 * between both after counting the rows that the index finds, so that it does not depend on the statistics of the planner.
 */
import { type RawBuilder, sql } from 'kysely'
import { compareOnly } from '../../statement/compare-only.js'
import type { Candidates } from './candidates.js'
import type { Scope } from './scope.js'

/** A condition; true or false for each row, never null, so that `not` of the filter is NOT in SQL. */
export interface Condition {
  readonly holds: RawBuilder<boolean>
  /** The rows from an index that contain every matching row, and maybe others; undefined if no index can. */
  readonly candidates: Candidates | undefined
}

/** A condition that must be evaluated for every row. */
export function test(holds: RawBuilder<boolean>): Condition {
  return { holds, candidates: undefined }
}

/** The conjunction of at least one condition. */
export function every(conditions: readonly Condition[]): Condition {
  const [only] = conditions
  if (only !== undefined && conditions.length === 1) return only
  const found = conditions.flatMap(({ candidates }) => (candidates === undefined ? [] : [candidates]))
  return {
    holds: joined(conditions, sql` and `),
    candidates: found.length === 0 ? undefined : { kind: 'one', of: found },
  }
}

/** The disjunction of at least one condition. */
export function some(conditions: readonly Condition[]): Condition {
  const [only] = conditions
  if (only !== undefined && conditions.length === 1) return only
  const found = conditions.flatMap(({ candidates }) => (candidates === undefined ? [] : [candidates]))
  return {
    holds: joined(conditions, sql` or `),
    candidates: found.length < conditions.length ? undefined : { kind: 'any', of: found },
  }
}

/** The negation of a condition. */
export function opposite({ holds }: Condition): Condition {
  return test(sql`not (${holds})`)
}

/** True for the rows in scope, with the use of an index. */
export function inScope({ tenant, type }: Scope): RawBuilder<boolean> {
  return sql`r.tenant = ${tenant} and r.type = ${type}`
}

/** The same for rows that were found in another way: without statistics, the planner might choose any index with the type. */
export function ofScope({ tenant, type }: Scope): RawBuilder<boolean> {
  return sql`${compareOnly('r.tenant')} = ${tenant} and ${compareOnly('r.type')} = ${type}`
}

function joined(conditions: readonly Condition[], by: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(${sql.join(
    conditions.map(({ holds }) => holds),
    by,
  )})`
}
