/** Keys of equivalence classes of versions, so that possible predecessors are found without a scan. */

import { type Value, valueFrom } from '../history/value.js'
import type { Predecessor } from './predecessor.js'

// There is one class for every subset of the optional elements.
const mostOptional = 6

/** The keys of the classes that a version belongs to. */
export function classesWith(value: Value): readonly string[] {
  return [valueKey(value), elementsKey(value.elements)]
}

/** The keys of the disjoint classes that may contain the predecessor; undefined if there are too many. */
export function classesFor({ scalar, elements, optional }: Predecessor): readonly string[] | undefined {
  if (optional.length > mostOptional) return undefined
  let without: readonly (readonly string[])[] = [[]]
  for (const element of optional) without = without.flatMap((some) => [some, [...some, element]])
  return without.map((missing) => {
    const left = [...elements].filter((element) => !missing.includes(element))
    return scalar === undefined ? elementsKey(left) : valueKey(valueFrom(scalar, left))
  })
}

function valueKey({ key }: Value): string {
  return `value ${key}`
}

// Sorted, like the elements of a value.
function elementsKey(elements: readonly string[]): string {
  return `elements ${JSON.stringify(elements)}`
}
