/**
 * One filter over resources of several types. Each type reads it with its own schemas; an attribute that a type does
 * not have counts as one without a value there, and the value of a term on `meta.resourceType` is known for every
 * resource of a type beforehand.
 * @see RFC 7644 §3.4.2.1, §3.4.2.2
 */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import type { ResourceType } from '../schema/attribute.js'
import type { CompareFilter, Filter } from './ast.js'
import { attributesOf } from './attributes-of.js'
import { evaluate } from './evaluation/evaluate.js'
import { foldFilter, type Term, termsOf } from './fold.js'
import { type FilterLimits, parseFilter } from './parse.js'

/** The filter for one type: a filter, or its constant value for all resources of the type. */
export interface FilterOfType {
  readonly type: ResourceType
  readonly filter: Filter | boolean
}

/** The filter for each of the types. Throws like `parseFilter`, for whichever type. */
export function parseFilterAcross(
  text: string,
  types: readonly ResourceType[],
  interop: InteropSwitches,
  limits: FilterLimits,
): readonly FilterOfType[] {
  const parsed = types.map((type) => {
    const filter = parseFilter(text, type, { ...interop, unknownFilterAttributes: true }, limits)
    return { type, filter, terms: termsOf(filter) }
  })
  // The text determines the number and order of the terms; the type, only the attributes that they name.
  const knownSomewhere = (index: number): boolean => parsed.some(({ terms }) => terms[index]?.path.known)
  const count = parsed[0]?.terms.length ?? 0
  const known = Array.from({ length: count }, (_, index) => knownSomewhere(index))
  if (!interop.unknownFilterAttributes && known.includes(false)) {
    throw scimError.invalidFilter('The filter names an attribute that no resource type of this server has.')
  }
  return parsed.map(({ type, filter, terms }) => {
    const knownValue = (term: Term): boolean | undefined => {
      if (!term.path.known) return known[terms.indexOf(term)] === true && holdsWithoutValue(term)
      return ofType(term, type)
    }
    return { type, filter: foldFilter(filter, knownValue) }
  })
}

// As `evaluate` has it for an attribute without a value.
function holdsWithoutValue(term: Term): boolean {
  return term.kind === 'compare' && isTrueOfNothing(term)
}

function isTrueOfNothing({ operator, key }: CompareFilter): boolean {
  return key === null ? operator === 'eq' : operator === 'ne'
}

/** The value of a term on the resource type alone. */
function ofType(term: Term, type: ResourceType): boolean | undefined {
  for (const path of attributesOf(term)) if (path !== 'meta.resourceType' && path !== 'meta') return undefined
  const asksType = term.kind === 'valuePath' || attributesOf(term).has('meta.resourceType')
  return asksType ? evaluate(term, { meta: { resourceType: type.name } }) : undefined
}
