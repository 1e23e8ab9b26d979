import type { CompareFilter, Filter, PresentFilter, ValuePathFilter } from './ast.js'

/** One statement about one attribute: what `and`, `or` and `not` join. */
export type Term = PresentFilter | CompareFilter | ValuePathFilter

/** The terms of a filter, in the order of its text. A part between brackets belongs to its term. */
export function termsOf(filter: Filter): readonly Term[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(termsOf)
    case 'not':
      return termsOf(filter.term)
    case 'present':
    case 'compare':
    case 'valuePath':
      return [filter]
  }
}

/**
 * The filter without those terms whose value is known beforehand; true or false if that determines the whole. `known`
 * returns the value of a term, undefined for a term that must be evaluated.
 */
export function foldFilter(filter: Filter, known: (term: Term) => boolean | undefined): Filter | boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return foldTerms(filter.kind, filter.terms, known)
    case 'not': {
      const term = foldFilter(filter.term, known)
      return typeof term === 'boolean' ? !term : { kind: 'not', term }
    }
    case 'present':
    case 'compare':
    case 'valuePath':
      return known(filter) ?? filter
  }
}

function foldTerms(
  kind: 'and' | 'or',
  terms: readonly Filter[],
  known: (term: Term) => boolean | undefined,
): Filter | boolean {
  const settles = kind === 'or'
  const open: Filter[] = []
  for (const term of terms) {
    const folded = foldFilter(term, known)
    if (folded === settles) return settles
    // One AST per meaning: an `and` within an `and` is the same `and`.
    if (typeof folded !== 'boolean') open.push(...(folded.kind === kind ? folded.terms : [folded]))
  }
  const [only] = open
  if (only === undefined) return !settles
  return open.length === 1 ? only : { kind, terms: open }
}
