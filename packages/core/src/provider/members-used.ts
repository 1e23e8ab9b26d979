import type { Filter } from '../filter/ast.js'
import { equalityOn } from '../filter/equality-on.js'
import type { MembersNeed } from '../resource/member.js'
import type { Query } from './provider.js'
import { queryUses } from './query-in-memory.js'

/**
 * The members that a filter can distinguish, for the `view` of a candidate; `all` if it may be any. Entra ID requests
 * `id eq "g" and members eq "u"` before it adds a member: of a group of 100,000 that is one row, not all of them.
 * `idsComposed`: whether all ids in the store are in NFC. Filters compare them so, and ids in another form would not be
 * found by the returned ones.
 * @see RFC 7644 §3.4.2.2
 */
export function membersUsedBy({ filter, sort }: Pick<Query, 'filter' | 'sort'>, idsComposed: boolean): MembersNeed {
  if (filter === undefined || !idsComposed || queryUses({ filter: undefined, sort }, 'members')) return 'all'
  const only = idsAsked(filter)
  return only === undefined ? 'all' : { only }
}

// Undefined if the result may depend on other members than those named.
function idsAsked(filter: Filter): readonly string[] | undefined {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return allOf(filter.terms.map(idsAsked))
    case 'not':
      return idsAsked(filter.term)
    case 'valuePath':
      return filter.filter.kind === 'compare' ? idsOfTerm(filter) : noneUnlessMentioned(filter)
    case 'compare':
      return idsOfTerm(filter)
    case 'present':
      return noneUnlessMentioned(filter)
  }
}

function idsOfTerm(term: Filter): readonly string[] | undefined {
  const id = equalityOn(term, 'members.value')
  return typeof id === 'string' ? [id] : noneUnlessMentioned(term)
}

function noneUnlessMentioned(term: Filter): readonly string[] | undefined {
  return queryUses({ filter: term, sort: undefined }, 'members') ? undefined : []
}

function allOf(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const ids: string[] = []
  for (const list of lists) {
    if (list === undefined) return undefined
    ids.push(...list)
  }
  return ids
}
