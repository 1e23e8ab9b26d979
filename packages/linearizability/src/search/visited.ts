/**
 * Memoization of visited configurations. Equal configurations have equal continuations, so the second visit is skipped; a
 * configuration with fewer consumed open steps and tags has at least the continuations of one with more.
 * @see G. Lowe, Testing for linearizability (2017); A. Horn and D. Kroening, Faster linearizability checking (2015)
 */

/** The cache of visited configurations. */
export interface Visited {
  /**
   * True if the configuration, or one with at least the same continuations, was visited before. Adds it to the cache: the
   * search is depth first, so a second visit means that the first found nothing.
   */
  readonly isVisited: (configuration: string, usedUp: bigint) => boolean
}

/** Creates an empty cache. */
export function visitedConfigurations(): Visited {
  const known = new Map<string, readonly bigint[]>()
  return {
    isVisited: (configuration, usedUp) => {
      const before = known.get(configuration)
      if (before?.some((fewer) => (fewer & usedUp) === fewer)) return true
      known.set(configuration, before === undefined ? [usedUp] : [...before, usedUp])
      return false
    },
  }
}
