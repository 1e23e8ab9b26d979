import { isArray, isObject, type JsonObject, type JsonValue, own } from '../../json/value.js'
import type { Filter, KnownPath } from '../ast.js'
import { visitTerms } from '../visit-terms.js'

/** Characters of values that cost about as much as the rest of a comparison. */
export const charactersPerComparison = 1_024

/** A value that terms of a filter read, and the number of those terms. */
interface Look {
  readonly path: KnownPath
  terms: number
}

// A term that reads so much is one comparison: usual texts, and lists with a few elements.
const charactersIncluded = charactersPerComparison

/**
 * Computes how many characters the terms of a filter read in a resource, each term by itself, beyond what one
 * comparison for each term includes. An element of a list counts as 256 at least. For long lists it is an estimate by
 * their first elements.
 */
export function weigherOf(filter: Filter): (resource: JsonObject) => number {
  const looks = looksOf(filter)
  const included = charactersIncluded * looks.reduce((sum, { terms }) => sum + terms, 0)
  return (resource) => {
    let characters = -included
    for (const { path, terms } of looks) {
      const value = valueAt(path, resource)
      if (value !== undefined) characters += terms * weightOf(value, path.sub?.name)
    }
    return characters
  }
}

function looksOf(filter: Filter): readonly Look[] {
  const looks = new Map<unknown, Look>()
  visitTerms(filter, ({ kind, path }) => {
    // A value path costs what the terms in its brackets cost.
    if (kind === 'valuePath' || !path.known) return
    const at = path.sub ?? path.attribute ?? path.extension
    const known = looks.get(at)
    if (known === undefined) looks.set(at, { path, terms: 1 })
    else known.terms += 1
  })
  return [...looks.values()]
}

function valueAt({ extension, attribute }: KnownPath, resource: JsonObject): JsonValue | undefined {
  const holder = extension === undefined ? resource : own(resource, extension.id)
  if (attribute === undefined) return holder
  return isObject(holder) ? own(holder, attribute.name) : undefined
}

const leastWeight = 256
const mostWeighed = 256

/** The part of that name alone, if one is named. */
function weightOf(value: JsonValue, part: string | undefined): number {
  if (typeof value === 'string') return Math.max(leastWeight, value.length)
  if (isArray(value)) return weightOfList(value, part)
  if (!isObject(value)) return leastWeight
  if (part !== undefined) return weightOf(own(value, part) ?? null, undefined)
  let weight = 0
  for (const name of Object.keys(value)) weight += weightOf(own(value, name) ?? null, undefined)
  return Math.max(leastWeight, weight)
}

function weightOfList(list: readonly JsonValue[], part: string | undefined): number {
  const weighed = Math.min(list.length, mostWeighed)
  let weight = 0
  for (let i = 0; i < weighed; i++) weight += weightOf(list[i] ?? null, part)
  return weighed === 0 ? 0 : weight * (list.length / weighed)
}
