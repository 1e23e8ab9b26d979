/**
 * Conditions over `r`, the row of a resource, in the two forms that databases answer fast: rows that an index finds, and
 * a test of the row at hand. Which one is asked depends on what stands beside it, and a planner without statistics
 * cannot tell: SQLite looks at every resource of a type for an OR of two index look-ups.
 */
import { type RawBuilder, sql } from 'kysely'
import { compareOnly } from '../dialect.js'
import { among } from '../reading/among.js'
import type { Scope } from './scope.js'
import { united } from './united.js'

/** A condition; true or false of each row, never null, so that the filter's `not` is SQL's. */
export interface Condition {
  readonly holds: RawBuilder<boolean>
  /**
   * Each is a `select row_id …`; together they give every row that it holds of, where an index finds them, and maybe rows
   * beyond the scope.
   */
  readonly rows: readonly RawBuilder<unknown>[] | undefined
  /** True if there are few such rows, however many resources there are. */
  readonly isFew: boolean
  /** The conditions that it joins with `and`; itself alone for any other. */
  readonly parts: readonly Condition[]
}

/** A condition that every row has to be asked about. */
export function test(holds: RawBuilder<boolean>): Condition {
  return condition(holds, undefined, false)
}

/** A condition that an index finds the few rows of. */
export function fewRows(scope: Scope, rows: readonly RawBuilder<unknown>[], holds?: RawBuilder<boolean>): Condition {
  return condition(holds ?? isAmong(scope, rows), rows, true)
}

/** A condition that an index finds the rows of, and there may be many. */
export function manyRows(rows: readonly RawBuilder<unknown>[], holds: RawBuilder<boolean>): Condition {
  return condition(holds, rows, false)
}

/** All hold; at least one. */
export function every(scope: Scope, conditions: readonly Condition[]): Condition {
  const parts = conditions.flatMap((part) => part.parts)
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const isFew = parts.some((part) => part.isFew)
  const rows = parts.some((part) => part.rows !== undefined)
    ? [sql`select r.row_id from scim_resources as r where ${matching(scope, { parts }, false)}`]
    : undefined
  return {
    holds: joined(
      parts.map(({ holds }) => holds),
      sql` and `,
    ),
    rows,
    isFew,
    parts,
  }
}

/** Some hold; at least one. */
export function some(conditions: readonly Condition[]): Condition {
  const [only] = conditions
  if (only !== undefined && conditions.length === 1) return only
  return condition(
    joined(
      conditions.map(({ holds }) => holds),
      sql` or `,
    ),
    conditions.every(({ rows }) => rows !== undefined) ? conditions.flatMap(({ rows = [] }) => rows) : undefined,
    conditions.every(({ isFew }) => isFew),
  )
}

/** It does not hold. */
export function opposite({ holds }: Condition): Condition {
  return test(sql`not (${holds})`)
}

/**
 * The resources in scope of which the condition holds, as a condition. `inSteps`: the rows are walked through in many
 * statements, a part in each, so nothing may be asked that looks at all of them every time.
 */
export function matching(
  scope: Scope,
  condition: Pick<Condition, 'parts'> | undefined,
  inSteps: boolean,
): RawBuilder<boolean> {
  const parts = condition?.parts ?? []
  const found = drivers(parts, inSteps).length > 0 ? ofScope(scope) : inScope(scope)
  return joined([found, ...asAsked(scope, parts, inSteps)], sql` and `)
}

/**
 * The condition alone, of rows that keys in scope have led to. A key is of the tenant and type of its resource; asked for
 * them again, a planner would think that few of the rows are in scope, and that it must look at all of them for a page.
 */
export function matchingToo(scope: Scope, condition: Condition | undefined): RawBuilder<boolean> {
  return condition === undefined ? sql`1 = 1` : joined(asAsked(scope, condition.parts, false), sql` and `)
}

/** True of the rows in scope, which an index may find. */
function inScope({ tenant, type }: Scope): RawBuilder<boolean> {
  return sql`r.tenant = ${tenant} and r.type = ${type}`
}

/** The same of rows that are found by other means: without statistics, any index that knows the type looks as good. */
function ofScope({ tenant, type }: Scope): RawBuilder<boolean> {
  return sql`${compareOnly('r.tenant')} = ${tenant} and ${compareOnly('r.type')} = ${type}`
}

function asAsked(scope: Scope, parts: readonly Condition[], inSteps: boolean): readonly RawBuilder<boolean>[] {
  const driving = drivers(parts, inSteps)
  return parts.map((part) =>
    part.rows !== undefined && driving.includes(part) ? isAmong(scope, part.rows) : part.holds,
  )
}

// What an index finds few rows of leads to the rows, and the rest is asked of those.
function drivers(parts: readonly Condition[], inSteps: boolean): readonly Condition[] {
  const few = parts.filter(({ isFew }) => isFew)
  if (few.length > 0 || inSteps) return few
  return parts.filter(({ rows }) => rows !== undefined).slice(0, 1)
}

function isAmong({ dialect }: Scope, rows: readonly RawBuilder<unknown>[]): RawBuilder<boolean> {
  return among(dialect, sql`r.row_id`, sql`(${united(rows)})`)
}

function joined(conditions: readonly RawBuilder<boolean>[], by: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(${sql.join(conditions, by)})`
}

function condition(
  holds: RawBuilder<boolean>,
  rows: readonly RawBuilder<unknown>[] | undefined,
  isFew: boolean,
): Condition {
  const made: Condition & { parts: readonly Condition[] } = { holds, rows, isFew, parts: [] }
  made.parts = [made]
  return made
}
