/** A filter as a condition in SQL, as far as SQL can say it. @see RFC 7644 §3.4.2.2 */
import { type Attribute, type CompareFilter, type Filter, fullPath, type KnownPath } from '@scimkit/core'
import { sql } from 'kysely'
import { columnComparison, hasColumn } from './column-terms.js'
import { keyComparison, keyPresence } from './key-terms.js'
import { isMembership, membershipTerm } from './membership-terms.js'
import { allOf, anyOf, atLeast, exactly, never, not, nothing, type Pushed } from './pushed.js'
import type { Scope } from './scope.js'

/** What SQL can say of the filter. */
export function compileFilter(scope: Scope, filter: Filter): Pushed {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.terms.map((term) => compileFilter(scope, term)))
    case 'or':
      return anyOf(filter.terms.map((term) => compileFilter(scope, term)))
    case 'not':
      return not(compileFilter(scope, filter.term))
    case 'present':
      return filter.path.known ? presence(scope, filter.path) : never
    case 'compare':
      return filter.path.known ? comparison(scope, filter, filter.path) : never
    case 'valuePath':
      return filter.path.known ? valuePath(scope, filter, filter.path) : never
  }
}

/** The attributes of a filter that SQL can say nothing of, for the person who could have them indexed. */
export function unindexed(scope: Scope, paths: Iterable<string>): readonly string[] {
  return [...paths].filter((path) => !scope.indexes.has(scope.type, path) && !hasColumn(path))
}

function presence(scope: Scope, path: KnownPath): Pushed {
  const name = fullPath(path)
  if (hasColumn(name)) return exactly(sql`1 = 1`)
  return isIndexed(scope, name) ? keyPresence(scope, name) : nothing
}

function comparison(scope: Scope, filter: CompareFilter, path: KnownPath): Pushed {
  const name = fullPath(path)
  if (hasColumn(name)) return columnComparison(scope, name, filter)
  if (isMembership(name)) return membershipTerm(scope, filter)
  const leaf = path.compared
  // `emails eq "x"` has been resolved to its `value`: the leaf's own path is what the keys are filed under.
  return leaf !== undefined && isIndexed(scope, leaf.path) ? keyed(scope, leaf, filter) : nothing
}

function keyed(scope: Scope, leaf: Attribute, filter: CompareFilter): Pushed {
  return keyComparison(scope, leaf.path, leaf, filter)
}

/**
 * One element has to satisfy all that stands between the brackets. With one comparison there that is a comparison of
 * the attribute, as long as it asks for a value: of `ne` and `eq null` the meanings differ.
 */
function valuePath(scope: Scope, term: Extract<Filter, { kind: 'valuePath' }>, path: KnownPath): Pushed {
  if (isMembership(fullPath(path))) return membershipTerm(scope, term)
  const { filter } = term
  const inside = filter.kind === 'and' ? filter.terms : [filter]
  const conditions = inside.flatMap((part) => {
    if (part.kind !== 'compare' || part.operator === 'ne' || part.key === null || !part.path.known) return []
    const { condition, exact } = comparison(scope, part, part.path)
    return condition === undefined ? [] : [exact && inside.length === 1 ? exactly(condition) : atLeast(condition)]
  })
  return conditions.length === 0 ? nothing : allOf(conditions)
}

function isIndexed({ indexes, type }: Scope, path: string): boolean {
  return indexes.has(type, path)
}
