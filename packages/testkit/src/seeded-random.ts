/** Random choices, reproducible by a seed. */
export interface SeededRandom {
  /** An integer from 0 to `below` - 1. */
  readonly below: (below: number) => number
  /** One of the list. Throws a RangeError if it is empty. */
  readonly pick: <Value>(list: readonly Value[]) => Value
  /** True once in `times`. */
  readonly oneIn: (times: number) => boolean
}

/** A generator with 32 bits of state (mulberry32): sufficient for test data, and equal on every platform. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
  return {
    below,
    pick: (list) => {
      const chosen = list.at(below(list.length))
      if (chosen === undefined) throw new RangeError('pick: the list is empty')
      return chosen
    },
    oneIn: (times) => below(times) === 0,
  }
}
