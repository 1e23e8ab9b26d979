/** Terms on attributes with keys. One row of `scim_keys` is one value of the attribute. */
import type { CompareFilter } from '@scimkit/core/filter'
import { caseKey } from '@scimkit/core/provider'
import type { Attribute } from '@scimkit/core/schema'
import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../../dialect/dialect.js'
import { prefixEnd } from '../../statement/prefix-end.js'
import { type Candidates, keyEqual, keysWithin } from './candidates.js'
import { compared, comparedText, isSearch, type ValueOperator } from './comparison.js'
import { type Condition, opposite, test } from './condition.js'
import type { Scope } from './scope.js'
import { exactly, nothing, type SqlFilter } from './sql-filter.js'

/** `pr` on an indexed attribute: some value that is not "". */
export function keyPresence(path: string): SqlFilter {
  return exactly(present(path))
}

/** A comparison on an indexed attribute. `attribute` is the leaf whose type and case rules apply. */
export function keyComparison(scope: Scope, path: string, attribute: Attribute, filter: CompareFilter): SqlFilter {
  const { operator, key } = filter
  if (key === null) return exactly(operator === 'ne' ? present(path) : opposite(present(path)))
  const value = valueTest(scope, attribute, operator === 'ne' ? 'eq' : operator, key)
  if (value === undefined) return nothing
  // "Some value differs" (also a value of another type) or "there is no value".
  if (operator === 'ne') {
    return exactly(sql`(${hasKey(path, sql`(${value.holds}) is not true`)} or not ${hasKey(path, sql`1 = 1`)})`)
  }
  return exactly(keyCondition(scope, path, attribute, value))
}

/** Text with case; stored separately only if it differs from the folded text. */
export const exactText: RawBuilder<unknown> = sql`coalesce(k.exact, k.fold)`

/** Whether text of an attribute is compared with case. Errata 6000 and 8470: Base64 always is. */
export function isExact(attribute: Attribute): boolean {
  return attribute.caseExact || attribute.type === 'binary'
}

function present(path: string): Condition {
  return test(hasKey(path, sql`k.fold <> ''`))
}

/** A condition over `k`, the row of a key. */
interface ValueTest {
  readonly holds: RawBuilder<boolean>
  /** The range of `fold` that contains all such keys, if an index can find it. */
  readonly fold?: { readonly is: string } | { readonly from: string; readonly before: string | undefined }
}

function keyCondition(scope: Scope, path: string, attribute: Attribute, { holds, fold }: ValueTest): Condition {
  return { holds: hasKey(path, holds), candidates: fold && candidates(scope, path, attribute, fold) }
}

function candidates(
  { tenant, type }: Scope,
  path: string,
  { uniqueness }: Attribute,
  fold: NonNullable<ValueTest['fold']>,
): Candidates {
  const ofPath = sql<boolean>`k.tenant = ${tenant} and k.type = ${type} and k.path = ${path}`
  if ('is' in fold) {
    return { kind: 'keys', keys: keyEqual(ofPath, fold.is), isUnique: uniqueness !== 'none' }
  }
  return { kind: 'keys', keys: keysWithin(ofPath, fold.from, fold.before), isUnique: false }
}

/** Some key of the attribute satisfies `holds`, which is over `k`. */
export function hasKey(path: string, holds: RawBuilder<boolean>): RawBuilder<boolean> {
  return sql`exists (select 1 from scim_keys as k where k.row_id = r.row_id and k.path = ${path} and ${holds})`
}

function valueTest(
  { dialect }: Scope,
  attribute: Attribute,
  operator: ValueOperator,
  key: string | number | boolean,
): ValueTest | undefined {
  switch (attribute.type) {
    case 'complex':
      return undefined
    case 'boolean':
      return typeof key === 'boolean' && operator === 'eq'
        ? { holds: sql`k.kind = 'b' and k.fold = ${String(key)}`, fold: { is: String(key) } }
        : undefined
    case 'integer':
    case 'decimal':
      if (typeof key !== 'number' || isSearch(operator)) return undefined
      return operator === 'eq'
        ? { holds: sql`k.kind = 'n' and k.fold = ${String(key)}`, fold: { is: String(key) } }
        : { holds: sql`k.kind = 'n' and ${compared(operator, sql`k.number`, key)}` }
    case 'dateTime':
      // The search is in the text of a time, so that `sw "2011-05"` works.
      if (isSearch(operator)) return { holds: textTest(dialect, operator, exactText, String(key)) }
      if (typeof key !== 'number') return undefined
      return { holds: sql`k.kind = 's' and ${compared(operator, sql`k.number`, key)}` }
    case 'string':
    case 'reference':
    case 'binary':
      return typeof key === 'string' ? textValue(dialect, operator, key, isExact(attribute)) : undefined
  }
}

function textValue(dialect: Dialect, operator: ValueOperator, key: string, exact: boolean): ValueTest {
  const holds = textTest(dialect, operator, exact ? exactText : sql`k.fold`, key)
  switch (operator) {
    case 'eq':
      return exact
        ? { holds: sql`k.fold = ${caseKey(key)} and ${holds}`, fold: { is: caseKey(key) } }
        : { holds, fold: { is: key } }
    case 'sw': {
      const prefix = exact ? foldedPrefix(key) : key
      return prefix === '' ? { holds } : { holds, fold: { from: prefix, before: prefixEnd(prefix) } }
    }
    default:
      return { holds }
  }
}

function textTest(
  dialect: Dialect,
  operator: ValueOperator,
  column: RawBuilder<unknown>,
  key: string,
): RawBuilder<boolean> {
  return sql`k.kind = 's' and ${comparedText(dialect, operator, column, key)}`
}

/**
 * The common prefix of the folded forms of all texts with this prefix. Folding recomposes characters ("T" and a diaeresis remain
 * two, "t" and a diaeresis become one), which may change the end of the prefix, but nothing before an ASCII character: that is
 * never composed with the character before it.
 */
function foldedPrefix(prefix: string): string {
  const folded = caseKey(prefix)
  let end = folded.length - 1
  while (end > 0 && folded.charCodeAt(end) > 0x7f) end--
  return folded.slice(0, Math.max(end, 0))
}
