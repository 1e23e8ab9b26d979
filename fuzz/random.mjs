/** Random choices, reproducible by a seed: mulberry32, as in the test kit. */
export function randomFrom(seed) {
  let state = seed >>> 0
  const below = (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
  return { below, pick: (list) => list[below(list.length)], oneIn: (times) => below(times) === 0 }
}

/** The seed of one case. Neighbouring numbers give unrelated choices. */
export function seedOf(seed, number) {
  return Math.imul((seed ^ Math.imul(number + 1, 0x9e3779b1)) >>> 0, 0x85ebca6b) >>> 0
}
