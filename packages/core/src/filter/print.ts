import type { CompareFilter, Filter } from './ast.js'

/**
 * The filter as text, in one canonical spelling; parsing it gives the same filter back.
 * For logs and for stores that speak SCIM themselves.
 * @see RFC 7644 §3.4.2.2, figure 1
 */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
      return filter.terms.map(asTermOfAnd).join(' and ')
    case 'or':
      return filter.terms.map(printFilter).join(' or ')
    case 'not':
      return `not (${printFilter(filter.term)})`
    case 'present':
      return `${filter.path.text} pr`
    case 'compare':
      return `${filter.path.text} ${filter.operator} ${printValue(filter.value)}`
    case 'valuePath':
      return `${filter.path.text}[${printFilter(filter.filter)}]`
  }
}

// `and` binds closer than `or`, so an `or` is the one term that needs parentheses.
function asTermOfAnd(filter: Filter): string {
  return filter.kind === 'or' ? `(${printFilter(filter)})` : printFilter(filter)
}

function printValue(value: CompareFilter['value']): string {
  return JSON.stringify(value)
}
