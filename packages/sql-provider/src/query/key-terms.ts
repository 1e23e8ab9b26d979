/** Terms on attributes that have keys. One row of `scim_keys` is one value of the attribute. */
import { type Attribute, type CompareFilter, type CompareOperator, caseKey } from '@scimkit/core'
import { type RawBuilder, sql } from 'kysely'
import { compared, isSearch, searched } from './comparison.js'
import { prefixEnd } from './prefix-end.js'
import { type Condition, exactly, not, nothing, type Pushed } from './pushed.js'
import type { Scope } from './scope.js'

/** `pr` on an indexed attribute: some value that is not "". */
export function keyPresence(scope: Scope, path: string): Pushed {
  return exactly(withKey(scope, path, sql`(k.kind <> 's' or k.fold <> '')`))
}

/** A comparison on an indexed attribute. `compared` is the leaf whose type and case rules hold. */
export function keyComparison(scope: Scope, path: string, attribute: Attribute, filter: CompareFilter): Pushed {
  const { operator, key } = filter
  if (key === null) {
    const present = keyPresence(scope, path)
    return operator === 'ne' ? present : not(present)
  }
  if (operator === 'ne') {
    const same = valueCondition(scope, attribute, 'eq', key)
    if (same === undefined) return nothing
    // "Some value differs", which it also does when it is of another type, or "there is no value".
    return exactly(
      sql`(${withKey(scope, path, sql`case when ${same} then 0 else 1 end = 1`)} or not ${withKey(scope, path, sql`1 = 1`)})`,
    )
  }
  const condition = valueCondition(scope, attribute, operator, key)
  return condition === undefined ? nothing : exactly(withKey(scope, path, condition))
}

/** Driven from the index: the rows of the keys are found first, then the resources by row. */
function withKey({ tenant, type }: Scope, path: string, condition: Condition): Condition {
  return sql`r.row_id in (select k.row_id from scim_keys as k
    where k.tenant = ${tenant} and k.type = ${type} and k.path = ${path} and ${condition})`
}

function valueCondition(
  scope: Scope,
  attribute: Attribute,
  operator: Exclude<CompareOperator, 'ne'>,
  key: string | number | boolean,
): Condition | undefined {
  switch (attribute.type) {
    case 'complex':
      return undefined
    case 'boolean':
      return typeof key === 'boolean' ? numberCondition('b', operator, key ? 1 : 0, String(key)) : undefined
    case 'integer':
    case 'decimal':
      return typeof key === 'number' ? numberCondition('n', operator, key, String(key)) : undefined
    case 'dateTime':
      if (isSearch(operator)) return textCondition(scope, exactText, operator, String(key), true)
      return typeof key === 'number' ? numberCondition('s', operator, key, undefined) : undefined
    case 'string':
    case 'reference':
    case 'binary': {
      const exact = isExact(attribute)
      return textCondition(scope, exact ? exactText : sql`k.fold`, operator, String(key), exact)
    }
  }
}

/** Whether the case of an attribute's text counts. Errata 6000 and 8470: in Base64 it always does. */
export function isExact(attribute: Attribute): boolean {
  return attribute.caseExact || attribute.type === 'binary'
}

/** Text whose case counts; stored apart only where it is another text. */
export const exactText: RawBuilder<unknown> = sql`coalesce(k.exact, k.fold)`

function numberCondition(
  kind: 's' | 'n' | 'b',
  operator: Exclude<CompareOperator, 'ne'>,
  key: number,
  digits: string | undefined,
): Condition | undefined {
  if (isSearch(operator)) return sql`1 = 0`
  const condition = sql<boolean>`k.kind = ${kind} and ${compared(operator, sql`k.number`, key)}`
  // The index is over text.
  return operator === 'eq' && digits !== undefined ? sql`k.fold = ${digits} and ${condition}` : condition
}

function textCondition(
  { dialect }: Scope,
  column: RawBuilder<unknown>,
  operator: Exclude<CompareOperator, 'ne'>,
  key: string,
  exact = false,
): Condition {
  if (!isSearch(operator)) {
    const condition = sql<boolean>`k.kind = 's' and ${compared(operator, column, key)}`
    return exact && operator === 'eq' ? sql`k.fold = ${caseKey(key)} and ${condition}` : condition
  }
  const condition = sql<boolean>`k.kind = 's' and ${searched(dialect, operator, column, key)}`
  // Of text whose case counts the index knows only the folded form, whose beginning may be composed another way.
  if (operator !== 'sw' || key === '' || exact) return condition
  const end = prefixEnd(key)
  return end === undefined
    ? sql`k.fold >= ${key} and ${condition}`
    : sql`k.fold >= ${key} and k.fold < ${end} and ${condition}`
}
