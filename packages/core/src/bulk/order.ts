/**
 * The order in which the operations of a bulk request are carried out: as they were sent, except that a POST which
 * others refer to runs before the first of them. Operations that refer to each other in a circle are one step.
 *
 * A step is what Tarjan's algorithm calls a strongly connected component; it yields them in the order of their
 * dependencies, in one pass over operations and references. Without recursion: a chain may be as long as the request.
 * @see RFC 7644 §3.7, §3.7.1
 */

/** Operations by their place in the request, in that order. More than one, or one that refers to itself, is a circle. */
export interface Step {
  readonly operations: readonly number[]
  readonly isCircle: boolean
}

/** All operations as steps. `refersTo[i]` are the places of the operations that operation i must come after. */
export function stepsOf(refersTo: readonly (readonly number[])[]): readonly Step[] {
  const search = newSearch(refersTo.map((places) => [...places].sort(ascending)))
  for (let place = 0; place < refersTo.length; place++) {
    if (search.numbers[place] === undefined) searchFrom(search, place)
  }
  return search.steps
}

interface Search {
  readonly refersTo: readonly (readonly number[])[]
  /** The order in which operations were visited; undefined for those not visited yet. */
  readonly numbers: (number | undefined)[]
  /** The first visited operation that can be reached from one, as far as is known. */
  readonly lowest: number[]
  /** Visited, and not in a step yet. */
  readonly open: number[]
  readonly isOpen: boolean[]
  readonly steps: Step[]
  met: number
}

function newSearch(refersTo: readonly (readonly number[])[]): Search {
  return { refersTo, numbers: [], lowest: [], open: [], isOpen: [], steps: [], met: 0 }
}

interface Visit {
  readonly place: number
  /** How many of its references were followed. */
  followed: number
}

function searchFrom(search: Search, root: number): void {
  const visits: Visit[] = [meet(search, root)]
  for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
    const { place } = visit
    const next = search.refersTo[place]?.[visit.followed]
    if (next === undefined) {
      visits.pop()
      const above = visits.at(-1)
      if (above !== undefined) lower(search, above.place, search.lowest[place])
      if (search.lowest[place] === search.numbers[place]) closeStep(search, place)
      continue
    }
    visit.followed += 1
    if (search.numbers[next] === undefined) visits.push(meet(search, next))
    else if (search.isOpen[next]) lower(search, place, search.numbers[next])
  }
}

function meet(search: Search, place: number): Visit {
  search.numbers[place] = search.met
  search.lowest[place] = search.met
  search.met += 1
  search.open.push(place)
  search.isOpen[place] = true
  return { place, followed: 0 }
}

function lower(search: Search, place: number, number = Number.POSITIVE_INFINITY): void {
  search.lowest[place] = Math.min(search.lowest[place] ?? number, number)
}

// Every operation visited since `place` leads back to it.
function closeStep(search: Search, place: number): void {
  const operations = search.open.splice(search.open.lastIndexOf(place)).sort(ascending)
  for (const operation of operations) search.isOpen[operation] = false
  const isCircle = operations.length > 1 || (search.refersTo[place] ?? []).includes(place)
  search.steps.push({ operations, isCircle })
}

function ascending(left: number, right: number): number {
  return left - right
}
