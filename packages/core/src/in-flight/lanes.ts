/** Units that one entrant asks for, and holds once it has entered. */
export interface Hold {
  readonly key: string
  /** What is left of them. */
  weight: number
  /** When they were taken, in milliseconds since 1970. */
  since: number
}

/** A hold for `Gate.enter`. */
export function holdOf(key: string, weight: number): Hold {
  return { key, weight, since: 0 }
}

/** The units of one key in flight, and its entrants that wait. */
export interface Lane {
  used: number
  /** In the order of their arrival. */
  readonly waiters: Set<Waiter>
}

/** An entrant in a queue. */
export interface Waiter {
  readonly lane: Lane
  readonly hold: Hold
  /** Its arrival, in milliseconds since 1970. */
  readonly since: number
  /** Ends the wait: it has entered, or is refused. */
  settle(refusal: Error | undefined): void
}

/** Lanes by key. Idle ones are kept for the next request of their key, up to a number of keys. */
export interface Lanes {
  of(key: string): Lane
  all(): Iterable<Lane>
  /** The lane with the most waiters. */
  longest(): Lane
  /** Forgets idle lanes if there are too many. */
  tidy(): void
}

const mostLanes = 4_096

/** No lanes yet. */
export function lanesByKey(): Lanes {
  const lanes = new Map<string, Lane>()
  const newLane = (): Lane => ({ used: 0, waiters: new Set() })
  return {
    of(key) {
      const known = lanes.get(key)
      if (known !== undefined) return known
      const lane = newLane()
      lanes.set(key, lane)
      return lane
    },
    all: () => lanes.values(),
    longest: () => {
      let longest = newLane()
      for (const lane of lanes.values()) if (lane.waiters.size > longest.waiters.size) longest = lane
      return longest
    },
    tidy() {
      if (lanes.size <= mostLanes) return
      for (const [key, lane] of lanes) if (lane.used === 0 && lane.waiters.size === 0) lanes.delete(key)
    },
  }
}
