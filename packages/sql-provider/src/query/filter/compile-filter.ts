/** Compiles a filter to a condition in SQL, as far as SQL can express it. @see RFC 7644 §3.4.2.2 */
import {
  type CompareFilter,
  evaluate,
  type Filter,
  fullPath,
  type KnownPath,
  type PresentFilter,
} from '@scimkit/core/filter'
import { columnComparison, hasColumn } from './column-terms.js'
import { equalAny, listsIn } from './equal-any.js'
import { keyComparison, keyPresence } from './key-terms.js'
import { isMembership, membershipTerm } from './membership-terms.js'
import { hasKeys, isMade, type Scope } from './scope.js'
import { allOf, always, anyOf, atLeast, never, not, nothing, type SqlFilter } from './sql-filter.js'

/** The part of the filter that SQL can express. */
export function compileFilter(scope: Scope, filter: Filter): SqlFilter {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.terms.map((term) => compileFilter(scope, term)))
    case 'or':
      return compileAny(scope, filter.terms, compileFilter)
    case 'not':
      return not(compileFilter(scope, filter.term))
    case 'present':
    case 'compare':
      return filter.path.known ? compileTerm(scope, filter, filter.path) : never
    case 'valuePath':
      if (!filter.path.known) return never
      // There is only one `meta`, so the brackets change nothing.
      if (fullPath(filter.path) === 'meta') return compileFilter(scope, filter.filter)
      return compileElement(scope, filter.filter)
  }
}

// "Some value is one of these" equals "some value is the first, or some value is the second", also for elements.
function compileAny(scope: Scope, terms: readonly Filter[], compile: typeof compileFilter): SqlFilter {
  const { lists, rest } = listsIn(scope, terms)
  return anyOf([...lists.map((list) => equalAny(scope, list)), ...rest.map((term) => compile(scope, term))])
}

/** The attributes among these for which an index would help, for the operator who can add the index. */
export function unindexed({ indexes, type }: Scope, paths: Iterable<string>): readonly string[] {
  return [...paths].filter((path) => !indexes.has(type, path) && !isMade(path))
}

function compileTerm(scope: Scope, term: CompareFilter | PresentFilter, path: KnownPath): SqlFilter {
  const name = fullPath(path)
  if (hasColumn(name)) return term.kind === 'present' ? always : columnComparison(scope, name, term)
  if (isMembership(name)) return membershipTerm(scope, term)
  if (sameForAll.includes(name)) return evaluate(term, { meta: { resourceType: scope.type } }) ? always : never
  if (path.compared === undefined || !hasKeys(scope, name)) return nothing
  return term.kind === 'present' ? keyPresence(name) : keyComparison(scope, name, path.compared, term)
}

/**
 * One element satisfies the filter in brackets. The keys have only the values of elements, so SQL is exact only if each
 * alternative is one term that requires a value; `ne` and `eq null` are also true for an element without a value.
 */
function compileElement(scope: Scope, filter: Filter): SqlFilter {
  switch (filter.kind) {
    case 'and':
      return atLeast(allOf(filter.terms.map((term) => compileElement(scope, term))))
    case 'or':
      return compileAny(scope, filter.terms, compileElement)
    case 'compare':
      if (filter.path.known && filter.key === null && filter.operator === 'eq') return nothing
      if (filter.path.known && filter.key !== null && filter.operator === 'ne') return nothing
      return compileFilter(scope, filter)
    case 'present':
      return compileFilter(scope, filter)
    case 'not':
    case 'valuePath':
      return nothing
  }
}

// `meta` is computed and not stored; the location depends on the request, and no provider knows it.
const sameForAll: readonly string[] = ['meta', 'meta.resourceType', 'meta.location']
