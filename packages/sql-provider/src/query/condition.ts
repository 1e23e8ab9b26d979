/**
 * Conditions over `r`, the row of a resource: a test of the row at hand, and where an index finds the rows that may pass
 * it. Which of them a list uses is decided after a look at how many rows the index finds, since no planner has to know.
 */
import { type RawBuilder, sql } from 'kysely'
import { compareOnly } from '../dialect.js'
import type { Candidates } from './candidates.js'
import type { Scope } from './scope.js'

/** A condition; true or false of each row, never null, so that the filter's `not` is SQL's. */
export interface Condition {
  readonly holds: RawBuilder<boolean>
  /** Where an index finds every row that it holds of, and maybe others; undefined if none does. */
  readonly candidates: Candidates | undefined
}

/** A condition that every row has to be asked about. */
export function test(holds: RawBuilder<boolean>): Condition {
  return { holds, candidates: undefined }
}

/** All hold; at least one. */
export function every(conditions: readonly Condition[]): Condition {
  const [only] = conditions
  if (only !== undefined && conditions.length === 1) return only
  const found = conditions.flatMap(({ candidates }) => (candidates === undefined ? [] : [candidates]))
  return {
    holds: joined(conditions, sql` and `),
    candidates: found.length === 0 ? undefined : { kind: 'one', of: found },
  }
}

/** Some hold; at least one. */
export function some(conditions: readonly Condition[]): Condition {
  const [only] = conditions
  if (only !== undefined && conditions.length === 1) return only
  const found = conditions.flatMap(({ candidates }) => (candidates === undefined ? [] : [candidates]))
  return {
    holds: joined(conditions, sql` or `),
    candidates: found.length < conditions.length ? undefined : { kind: 'any', of: found },
  }
}

/** It does not hold. */
export function opposite({ holds }: Condition): Condition {
  return test(sql`not (${holds})`)
}

/** True of the rows in scope, which an index may find. */
export function inScope({ tenant, type }: Scope): RawBuilder<boolean> {
  return sql`r.tenant = ${tenant} and r.type = ${type}`
}

/** The same of rows that are found by other means: without statistics, any index that knows the type looks as good. */
export function ofScope({ tenant, type }: Scope): RawBuilder<boolean> {
  return sql`${compareOnly('r.tenant')} = ${tenant} and ${compareOnly('r.type')} = ${type}`
}

function joined(conditions: readonly Condition[], by: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(${sql.join(
    conditions.map(({ holds }) => holds),
    by,
  )})`
}
