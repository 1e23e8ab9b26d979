import { equalityOn, type Filter, type MembersNeed, mentions, type Query } from '@scimkit/core'

/**
 * The members that a filter can tell apart. Entra ID asks `id eq "g" and members eq "u"` before it adds a member: of a
 * group of 100,000 that is one row, not all of them. `idsComposed` as in the store: filters compare ids in NFC.
 */
export function membersAsked({ filter, sort }: Query, idsComposed: boolean): MembersNeed {
  if (filter === undefined || !idsComposed || mentions({ filter: undefined, sort }, 'members')) return 'all'
  const only = idsAsked(filter)
  return only === undefined ? 'all' : { only }
}

// Undefined if the answer may hang on other members than those named.
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
  return mentions({ filter: term, sort: undefined }, 'members') ? undefined : []
}

function allOf(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const ids: string[] = []
  for (const list of lists) {
    if (list === undefined) return undefined
    ids.push(...list)
  }
  return ids
}
