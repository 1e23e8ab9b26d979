/**
 * Where the search has been. Two ways to the same place have the same ways on, so the second need not be followed; a
 * place reached with less used up (operations without an answer, tags) has at least the ways on of one that used more.
 * @see G. Lowe, Testing for linearizability (2017); A. Horn and D. Kroening, Faster linearizability checking (2015)
 */

/** Remembers places. */
export interface DeadEnds {
  /**
   * True if the place, or one with as good prospects, was entered before. It is remembered from now on: the search goes
   * depth first, so by the time it comes back to a place nothing was found there.
   */
  readonly isKnown: (place: string, usedUp: bigint) => boolean
}

/** Nowhere yet. */
export function deadEnds(): DeadEnds {
  const known = new Map<string, readonly bigint[]>()
  return {
    isKnown: (place, usedUp) => {
      const before = known.get(place)
      if (before?.some((fewer) => (fewer & usedUp) === fewer)) return true
      known.set(place, before === undefined ? [usedUp] : [...before, usedUp])
      return false
    },
  }
}
