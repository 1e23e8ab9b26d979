/** The first matches of a sorted list: of any number of matches, only as many are kept as the page needs. */
import { yieldToEventLoop } from '../../driver/event-loop-yield.js'

/** Keeps the first `most` of the added items, in an order. */
export interface Best<Item> {
  add(items: readonly Item[]): Promise<void>
  /** The kept items, in order. */
  inOrder(): Promise<readonly Item[]>
}

// How many are sorted or merged without a pause.
const atOnce = 2_000

/** An empty collection. */
export function best<Item>(most: number, compare: (left: Item, right: Item) => number): Best<Item> {
  let kept: readonly Item[] = []
  let fresh: Item[] = []

  async function settle(): Promise<void> {
    kept = (await merged([kept, await sorted(fresh, compare)], compare)).slice(0, most)
    fresh = []
  }

  return {
    async add(items) {
      const last = kept.length < most ? undefined : kept[most - 1]
      for (const item of items) if (last === undefined || compare(item, last) < 0) fresh.push(item)
      if (fresh.length >= Math.max(most, atOnce)) await settle()
    },
    async inOrder() {
      await settle()
      return kept
    },
  }
}

async function sorted<Item>(
  items: readonly Item[],
  compare: (left: Item, right: Item) => number,
): Promise<readonly Item[]> {
  let runs: (readonly Item[])[] = []
  for (let start = 0; start < items.length; start += atOnce) {
    runs.push(items.slice(start, start + atOnce).sort(compare))
    await yieldToEventLoop()
  }
  while (runs.length > 1) {
    const next: (readonly Item[])[] = []
    for (let at = 0; at < runs.length; at += 2) next.push(await merged(runs.slice(at, at + 2), compare))
    runs = next
  }
  return runs[0] ?? []
}

async function merged<Item>(
  [left = [], right = []]: readonly (readonly Item[])[],
  compare: (left: Item, right: Item) => number,
): Promise<readonly Item[]> {
  if (left.length === 0) return right
  if (right.length === 0) return left
  const result: Item[] = []
  for (let [at, other] = [0, 0]; at < left.length || other < right.length; ) {
    const [one, two] = [left[at], right[other]]
    if (two === undefined || (one !== undefined && compare(one, two) <= 0)) {
      if (one !== undefined) result.push(one)
      at += 1
    } else {
      result.push(two)
      other += 1
    }
    if (result.length % atOnce === 0) await yieldToEventLoop()
  }
  return result
}
