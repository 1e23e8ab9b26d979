import { charactersPerComparison } from '../filter/evaluation/evaluation-cost.js'
import type { Work } from '../filter/evaluation/paced.js'
import type { CompareKey } from '../schema/value-key.js'

/** An item to sort, with its key, which `compare` reads first. */
export interface Keyed {
  readonly key: CompareKey | undefined
}

/**
 * The items in order, equal ones in their original order; in slices. Counts the cost of comparing long texts with a
 * common beginning.
 */
export async function pacedSort<Item extends Keyed>(
  items: readonly Item[],
  compare: (left: Item, right: Item) => number,
  work: Work,
): Promise<readonly Item[]> {
  let sorted = items.slice()
  let merged = items.slice()
  for (let width = 1; width < items.length; width *= 2) {
    for (let start = 0; start < items.length; start += 2 * width) {
      const middle = Math.min(start + width, items.length)
      const end = Math.min(middle + width, items.length)
      let [left, right] = [start, middle]
      while (left < middle || right < end) {
        const [one, other] = [sorted[left] as Item, sorted[right] as Item]
        const alike = left < middle && right < end ? alikeUpTo(one.key, other.key) : 0
        if (alike > 0) work.spend(Math.floor(alike / charactersPerComparison))
        const isLeft = right >= end || (left < middle && compare(one, other) <= 0)
        merged[left + right - middle] = isLeft ? one : other
        if (isLeft) left += 1
        else right += 1
        if (work.isDue(1 + alike / charactersPerStep)) await work.rest()
      }
    }
    ;[sorted, merged] = [merged, sorted]
  }
  return sorted
}

// A step is a comparison of short keys.
const charactersPerStep = 16

/** The length of the common beginning of two long texts; 0 for values that are cheap to compare. */
function alikeUpTo(one: CompareKey | undefined, other: CompareKey | undefined): number {
  if (typeof one !== 'string' || typeof other !== 'string') return 0
  const shorter = Math.min(one.length, other.length)
  if (shorter < charactersPerComparison) return 0
  let alike = 0
  while (alike < shorter && one.charCodeAt(alike) === other.charCodeAt(alike)) alike += 1
  return alike
}
