/** Sorting in SQL: by a column that every row has, or by the key rows of an indexed attribute. @see RFC 7644 §3.4.2.3 */
import { fullPath } from '@scimkit/core/filter'
import type { Sort } from '@scimkit/core/provider'
import { type RawBuilder, sql } from 'kysely'
import { idColumn, sortColumn } from '../filter/column-terms.js'
import { exactText, isExact } from '../filter/key-terms.js'
import { hasKeys, type Scope } from '../filter/scope.js'

/** The orders of a list that the database supports. */
export type Ordering =
  /** In the order of creation. */
  | { readonly kind: 'base' }
  /** By a column with a value in every row. */
  | {
      readonly kind: 'column'
      readonly key: RawBuilder<unknown>
      readonly isText: boolean
      readonly isIndexed: boolean
      readonly descending: boolean
    }
  /** By the row of `scim_keys` that is the sort key; resources without a sort key are a separate part of the list. */
  | {
      readonly kind: 'keys'
      readonly path: string
      /** The JSON type of the keys; a value of another type is ignored. */
      readonly valueKind: 's' | 'n' | 'b'
      readonly key: RawBuilder<unknown>
      /** Whether keys are texts; else they are numbers. */
      readonly isText: boolean
      /** Whether an index has the keys in this order, without other keys between them. */
      readonly isIndexed: boolean
      readonly descending: boolean
    }

/** An order by a key. */
export type Indexed = Exclude<Ordering, { kind: 'base' }>

/** Over `k`: the row with the sort key of a resource. */
export function sortsBy({ path, valueKind, key }: Extract<Ordering, { kind: 'keys' }>): RawBuilder<boolean> {
  return sql`k.path = ${path} and k.sorts = 1 and k.kind = ${valueKind} and ${key} is not null`
}

/** The columns of `r` for its position in the order: `row_id`, and `sort_key` if the order has a key. */
export function placeColumns(ordering: Ordering): RawBuilder<unknown> {
  switch (ordering.kind) {
    case 'base':
      return sql`r.row_id`
    case 'column':
      return sql`r.row_id, ${ordering.key} as sort_key`
    case 'keys':
      return sql`r.row_id, (select ${ordering.key} from scim_keys as k where k.row_id = r.row_id and ${sortsBy(ordering)} limit 1) as sort_key`
  }
}

/** The order of this sort in the database; undefined if it is not supported. */
export function orderingOf(scope: Scope, sort: Sort | undefined): Ordering | undefined {
  if (sort === undefined) return { kind: 'base' }
  const { descending, path } = sort
  const column = sortColumn(fullPath(path))
  if (column !== undefined) {
    const isId = column === idColumn
    return { kind: 'column', key: column, isText: isId, isIndexed: !isId, descending }
  }
  const { attribute } = path
  // A complex attribute sorts by its `value`.
  const leaf = attribute?.type === 'complex' ? (path.sub ?? attribute.subAttributes.get('value')) : attribute
  if (leaf === undefined || !hasKeys(scope, leaf.path)) return undefined
  const keys = { kind: 'keys', path: leaf.path, descending, isIndexed: false } as const
  const isOne = attribute !== undefined && !attribute.multiValued && !leaf.multiValued
  switch (leaf.type) {
    case 'complex':
      return undefined
    case 'dateTime':
      // Text that is not a time has no key; it would need a separate part of the list.
      return { ...keys, valueKind: 's', key: sql`k.number`, isText: false }
    case 'integer':
    case 'decimal':
      return { ...keys, valueKind: 'n', key: sql`k.number`, isText: false }
    case 'boolean':
      return { ...keys, valueKind: 'b', key: sql`k.number`, isText: false }
    case 'string':
    case 'reference':
    case 'binary':
      return {
        ...keys,
        valueKind: 's',
        key: isExact(leaf) ? exactText : sql`k.fold`,
        isText: true,
        isIndexed: isOne && !isExact(leaf),
      }
  }
}
