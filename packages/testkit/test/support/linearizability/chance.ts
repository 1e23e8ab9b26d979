/** Random choices that a seed repeats. */
export interface Chance {
  /** A whole number from 0 to `below` - 1. */
  readonly below: (below: number) => number
  readonly oneIn: (times: number) => boolean
  readonly pick: <Item>(list: readonly Item[]) => Item
}

/** Choices from a seed (mulberry32). */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
  const pick = <Item>(list: readonly Item[]): Item => {
    const item = list[below(list.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }
  return { below, oneIn: (times) => below(times) === 0, pick }
}
