/** Several sorted lists, sorted into one. @see RFC 7644 §3.4.2.1, §3.4.2.3 */
import { compareSortKeys, sortKeyOf } from '../filter/evaluation/sort-key.js'
import type { JsonObject } from '../json/value.js'
import { filterView, viewNeedsOf } from '../provider/filter-view.js'
import { documentOf } from '../provider/member-rows.js'
import type { Needs, Sort, Stored } from '../provider/provider.js'
import type { CompareKey } from '../schema/value-key.js'
import type { ListItem } from './list-items.js'
import type { ListPart } from './list-question.js'

/** The sort key of a resource; undefined if it has none. */
export type SortKey = CompareKey | undefined

/**
 * The list from which each of the first `count` resources comes, by the keys of the lists, each sorted. Among equals
 * the earlier list comes first. `goesOn` marks the lists that continue after the given keys: where the keys of such a
 * list end, the next key is not known, and the order ends.
 */
export function mergeOrder(
  lists: readonly (readonly SortKey[])[],
  descending: boolean,
  count: number,
  goesOn: readonly boolean[] = [],
): readonly number[] {
  const taken = lists.map(() => 0)
  const order: number[] = []
  while (order.length < count) {
    let next: number | undefined
    for (const [i, keys] of lists.entries()) {
      const at = taken[i] ?? 0
      if (at >= keys.length && goesOn[i] === true) return order
      if (at >= keys.length) continue
      if (next === undefined || comesBefore(keys[at], lists[next]?.[taken[next] ?? 0], descending)) next = i
    }
    if (next === undefined) break
    taken[next] = (taken[next] ?? 0) + 1
    order.push(next)
  }
  return order
}

/** How many resources of an order come from each list. */
export function sharesOf(order: readonly number[], lists: number): readonly number[] {
  const shares = Array.from({ length: lists }, () => 0)
  for (const list of order) shares[list] = (shares[list] ?? 0) + 1
  return shares
}

/** The part of a page from one list. */
export interface Share {
  readonly listed: readonly ListItem[]
  /** True if the bound on bytes has left out resources of it. */
  readonly isShort: boolean
}

/**
 * The resources in that order, up to the first that a short list has left out; one that was removed meanwhile leaves no
 * gap.
 */
export function interleave(order: readonly number[], shares: readonly Share[]): readonly ListItem[] {
  const rest = shares.map(({ listed }) => listed.values())
  const listed: ListItem[] = []
  for (const list of order) {
    const { value } = rest[list]?.next() ?? {}
    if (value !== undefined) listed.push(value)
    else if (shares[list]?.isShort === true) break
  }
  return listed
}

/** The minimum that must be read of a resource to know its sort key. */
export function needsOfKey({ sort }: ListPart): Needs {
  const { members, groups, managerName } = viewNeedsOf({ filter: undefined, sort })
  return { members: members ? { first: 1 } : 'none', derived: groups || (managerName && 'manager') }
}

/** The sort key of a resource of the part. `stored` has the data of {@link needsOfKey}. */
export function keyOfStored({ sort }: ListPart, stored: Stored): SortKey {
  return sort === undefined ? undefined : sortKeyOf(sort.path, viewOf(sort, stored))
}

// Types may give one name to attributes that cannot be compared with each other; numbers then come before text.
function comesBefore(left: SortKey, right: SortKey, descending: boolean): boolean {
  const isText = (key: SortKey): number => Number(typeof key === 'string')
  if (left === undefined || right === undefined || isText(left) === isText(right)) {
    return compareSortKeys(left, right, descending) < 0
  }
  return descending ? isText(left) > isText(right) : isText(left) < isText(right)
}

function viewOf(sort: Sort, stored: Stored): JsonObject {
  const uses = viewNeedsOf({ filter: undefined, sort })
  const { members, derived } = stored
  return filterView(documentOf(stored), {
    ...(uses.members && { members }),
    ...(uses.groups && { groups: derived?.groups }),
    managerName: derived?.managerDisplayName,
    ...(uses.meta && { meta: stored }),
  })
}
