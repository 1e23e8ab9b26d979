import type { CompareFilter, Filter, PresentFilter, ValuePathFilter } from './ast.js'

/** A part of a filter with a path. */
export type Term = CompareFilter | PresentFilter | ValuePathFilter

/** Calls `visit` for every term of a filter, those in brackets before their value path. */
export function visitTerms(filter: Filter, visit: (term: Term) => void): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const term of filter.terms) visitTerms(term, visit)
      return
    case 'not':
      visitTerms(filter.term, visit)
      return
    case 'valuePath':
      visitTerms(filter.filter, visit)
      visit(filter)
      return
    case 'present':
    case 'compare':
      visit(filter)
  }
}
