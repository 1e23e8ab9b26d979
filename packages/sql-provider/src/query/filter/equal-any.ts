/**
 * `userName eq "a" or userName eq "b" or …`: the filter of a client that looks up many resources at once. It becomes one
 * comparison with a list of values in one parameter, so that a statement can have any number of values.
 */
import { type CompareFilter, type Filter, fullPath } from '@scimkit/core/filter'
import { caseKey } from '@scimkit/core/provider'
import type { Attribute } from '@scimkit/core/schema'
import { type RawBuilder, sql } from 'kysely'
import { idColumn } from './column-terms.js'
import { exactText, hasKey, isExact } from './key-terms.js'
import { hasKeys, type Scope } from './scope.js'
import { exactly, type SqlFilter } from './sql-filter.js'

/** The values to compare one attribute with, and the attribute whose case rules apply; undefined for `id`. */
export interface ValueList {
  readonly name: string
  readonly attribute: Attribute | undefined
  readonly keys: readonly string[]
}

// Fewer values are separate comparisons, for which the planner of the database has the best plans.
const fewestInList = 5

/** The lists among the terms of an `or`, and the other terms. */
export function listsIn(
  scope: Scope,
  terms: readonly Filter[],
): { readonly lists: readonly ValueList[]; readonly rest: readonly Filter[] } {
  if (terms.length < fewestInList) return { lists: [], rest: terms }
  const groups = new Map<string, Term[]>()
  for (const filter of terms) {
    const term = termOf(scope, filter)
    if (term === undefined) continue
    const group = groups.get(term.name)
    if (group === undefined) groups.set(term.name, [term])
    else group.push(term)
  }
  const lists: ValueList[] = []
  const listed = new Set<Filter>()
  for (const group of groups.values()) {
    const [first] = group
    if (first === undefined || group.length < fewestInList) continue
    for (const { filter } of group) listed.add(filter)
    lists.push({ name: first.name, attribute: first.attribute, keys: [...new Set(group.map(({ key }) => key))] })
  }
  return { lists, rest: listed.size === 0 ? terms : terms.filter((term) => !listed.has(term)) }
}

/** The attribute equals one of the values. */
export function equalAny(scope: Scope, { name, attribute, keys }: ValueList): SqlFilter {
  const { dialect, tenant, type } = scope
  const listOf = (values: readonly string[]): RawBuilder<unknown> => dialect.jsonTexts(sql`${JSON.stringify(values)}`)
  const isInList = (column: RawBuilder<unknown>, values: readonly string[]): RawBuilder<boolean> =>
    dialect.inList(column, listOf(values))
  if (attribute === undefined) {
    const rowsBy = (column: 'id' | 'id_key'): RawBuilder<unknown> => {
      const isOne = sql`i.tenant = ${tenant} and ${sql.ref(`i.${column}`)} = j.value`
      return sql`select i.row_id from ${listOf(keys)} as j ${dialect.forcedJoin('scim_resources', 'i', isOne)}`
    }
    return exactly({
      holds: isInList(idColumn, keys),
      candidates: { kind: 'values', selects: [rowsBy('id'), rowsBy('id_key')], most: keys.length },
    })
  }
  const folds = isExact(attribute) ? [...new Set(keys.map(caseKey))] : keys
  const isText = sql<boolean>`k.kind = 's' and ${isInList(sql`k.fold`, folds)}`
  const isOne = sql`k.tenant = ${tenant} and k.type = ${type} and k.path = ${name} and k.fold = j.value`
  const rows = sql`select k.row_id from ${listOf(folds)} as j ${dialect.forcedJoin('scim_keys', 'k', isOne)}`
  return exactly({
    holds: hasKey(name, isExact(attribute) ? sql<boolean>`${isText} and ${isInList(exactText, keys)}` : isText),
    candidates: { kind: 'values', selects: [rows], most: attribute.uniqueness === 'none' ? undefined : folds.length },
  })
}

/**
 * How many comparisons the condition of a filter costs the database for one resource. The database finds a value in a list by
 * binary search, so a list costs little more than one comparison.
 */
export function costInSql(scope: Scope, filter: Filter): number {
  switch (filter.kind) {
    case 'and':
      return sum(filter.terms.map((term) => costInSql(scope, term)))
    case 'or': {
      const { lists, rest } = listsIn(scope, filter.terms)
      return sum([
        ...lists.map(({ keys }) => 1 + Math.ceil(Math.log2(keys.length))),
        ...rest.map((term) => costInSql(scope, term)),
      ])
    }
    case 'not':
      return costInSql(scope, filter.term)
    case 'valuePath':
      return costInSql(scope, filter.filter)
    case 'present':
    case 'compare':
      return 1
  }
}

interface Term {
  readonly filter: CompareFilter
  readonly name: string
  readonly attribute: Attribute | undefined
  readonly key: string
}

function termOf(scope: Scope, filter: Filter): Term | undefined {
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || !filter.path.known) return undefined
  const { key, path } = filter
  if (typeof key !== 'string') return undefined
  const name = fullPath(path)
  if (name === 'id') return { filter, name, key, attribute: undefined }
  const attribute = path.compared
  if (attribute === undefined || !isText(attribute) || !hasKeys(scope, name)) return undefined
  return { filter, name, key, attribute }
}

function isText({ type }: Attribute): boolean {
  return type === 'string' || type === 'reference' || type === 'binary'
}

function sum(costs: readonly number[]): number {
  return costs.reduce((total, cost) => total + cost, 0)
}
