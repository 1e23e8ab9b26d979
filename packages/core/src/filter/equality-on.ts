import type { CompareKey } from '../schema/value-key.js'
import type { Filter } from './ast.js'
import { fullPath } from './attributes-of.js'

/**
 * The key that every match must have at this path, if the filter is an `eq` on it or contains one as a necessary
 * condition: `userName eq "x"`, `active eq true and userName eq "x"`, `members[value eq "x"]` for `members.value`. An
 * index on the key then returns a set of candidates; the filter must still be evaluated on them. `path` is a full
 * canonical path, as {@link fullPath} returns it. Undefined if the filter requires no such key.
 */
export function equalityOn(filter: Filter, path: string): CompareKey | undefined {
  switch (filter.kind) {
    case 'compare':
      if (filter.operator !== 'eq' || filter.key === null || !filter.path.known) return undefined
      return fullPath(filter.path) === path ? filter.key : undefined
    case 'and':
      return firstEquality(filter.terms, path)
    case 'valuePath':
      return filter.path.known ? equalityOn(filter.filter, path) : undefined
    case 'or':
    case 'not':
    case 'present':
      return undefined
  }
}

function firstEquality(terms: readonly Filter[], path: string): CompareKey | undefined {
  for (const term of terms) {
    const key = equalityOn(term, path)
    if (key !== undefined) return key
  }
  return undefined
}
