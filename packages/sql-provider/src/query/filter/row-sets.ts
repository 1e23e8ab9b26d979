/**
 * The rows that match a term such as `members.value eq "ada"` or `groups.value eq "staff"`. They are read once, in portions, before
 * the resources are read: with a join, one statement would follow every membership.
 */
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Dialect } from '../../dialect/dialect.js'
import { numbersIn } from '../../statement/numbers-in.js'
import { slotNamed } from '../../statement/template.js'
import type { ValueOperator } from './comparison.js'

/**
 * The definition of a set. `groupsOf`: the groups that have the id as a member; `groupsWith`: the groups that have a member for
 * which the comparison is true; `below`: the members of the group with the id, at any depth.
 */
export type RowSet =
  | { readonly kind: 'groupsOf' | 'below'; readonly key: string }
  | { readonly kind: 'groupsWith'; readonly key: string; readonly operator: ValueOperator }

/** The sets of one query. */
export interface RowSets {
  /** The name of the set, which is also the name of its slot in statements. */
  name(set: RowSet): string
  /** The sets that have a name but have not been read. */
  unread(): readonly { readonly name: string; readonly set: RowSet }[]
  /** Keeps the rows of a set. */
  keep(name: string, rows: Iterable<number>): void
  /** The rows of a set that has been read, in base order. */
  rows(name: string): readonly number[]
  /** The values of all slots for a statement about rows from `first` to `last`. */
  between(first: number, last: number): Readonly<Record<string, string>>
}

/** An empty collection of sets. */
export function rowSets(): RowSets {
  const named = new Map<string, { readonly set: RowSet; readonly name: string }>()
  const found = new Map<string, readonly number[]>()
  return {
    name(set) {
      const id = JSON.stringify(set)
      const known = named.get(id) ?? { set, name: `set${named.size}` }
      named.set(id, known)
      return known.name
    },
    unread: () => [...named.values()].filter(({ name }) => !found.has(name)),
    keep(name, rows) {
      found.set(name, Array.from(Float64Array.from(rows).sort()))
    },
    rows: (name) => found.get(name) ?? [],
    between: (first, last) =>
      Object.fromEntries(
        [...found].map(([name, rows]) => [
          name,
          JSON.stringify(rows.slice(placeOf(rows, first), placeOf(rows, last + 1)).map(String)),
        ]),
      ),
  }
}

/** True for the rows `r` in the set of this name. */
export function isInSet(dialect: Dialect, set: string): RawBuilder<boolean> {
  return dialect.inList(sql`r.row_id`, sql`(${numbersIn(dialect, slotNamed<string>(set))})`)
}

// The index of the first row that is not before this one.
function placeOf(rows: readonly number[], row: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (Number(rows[middle]) < row) low = middle + 1
    else high = middle
  }
  return low
}
