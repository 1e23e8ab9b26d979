/** Versions that are alike in all that matters to whoever may come from them, by a key: to be found without a search. */
import type { Ancestor } from './ancestor.js'
import { type Value, valueFrom } from './value.js'

// There is a family for every subset of the optional elements.
const mostOptional = 6

/** The families that a version belongs to. */
export function familiesWith(value: Value): readonly string[] {
  return [valueKey(value), elementsKey(value.elements)]
}

/** The families in which the ancestor is to be looked for, none of them within another; undefined if too many. */
export function familiesFor({ scalar, elements, optional }: Ancestor): readonly string[] | undefined {
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

// Sorted, as the elements of a value are.
function elementsKey(elements: readonly string[]): string {
  return `elements ${JSON.stringify(elements)}`
}
