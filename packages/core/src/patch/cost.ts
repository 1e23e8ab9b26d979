import type { Filter } from '../filter/ast.js'
import { isArray, isObject, type JsonValue } from '../json/value.js'

/** The minimum cost of processing one element, in characters. */
export const elementCost = 200

/** About how many characters must be read to process these elements once. */
export function costOf(elements: readonly JsonValue[]): number {
  let weight = 0
  for (const element of elements) weight += elementCost + textLength(element)
  return weight
}

function textLength(value: JsonValue): number {
  if (typeof value === 'string') return value.length
  let length = 0
  if (isArray(value)) for (const element of value) length += textLength(element)
  else if (isObject(value)) for (const name of Object.keys(value)) length += textLength(value[name] as JsonValue)
  return length
}

/** How many comparisons a filter makes at most for one element. */
export function termsOf(filter: Filter): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.reduce((sum, term) => sum + termsOf(term), 0)
    case 'not':
      return termsOf(filter.term)
    case 'valuePath':
      return termsOf(filter.filter)
    case 'present':
    case 'compare':
      return 1
  }
}
