/**
 * The filters that remove elements from a list and keep the others. One filter may match several: of two addresses with
 * one value under two types, `value eq "…"` matches both.
 * @see RFC 7644 §3.5.2.2
 */
import type { JsonValue } from '../../json/value.js'
import type { Attribute } from '../../schema/attribute.js'
import { refersToResource } from '../../schema/computed.js'
import { countSelectors, type Selector, selectorsOf } from './selector.js'

/**
 * The minimal set of filters, of which none can be left out; `counts` has the number of all elements that match a
 * selector. Undefined if some element has no filter that spares the others.
 */
export function removalsOf(
  attribute: Attribute,
  removed: readonly JsonValue[],
  counts: ReadonlyMap<string, number>,
): readonly Selector[] | undefined {
  const going = countSelectors(attribute, removed)
  const chosen = new Map<string, Selector>()
  for (const element of removed) {
    // A referenced resource is removed by its id: servers may differ in its other parts.
    const isId = ({ parts }: Selector): boolean => !parts.includes('type')
    const own = selectorsOf(attribute, element).filter((one) => isId(one) || !refersToResource(attribute))
    const sparing = own.filter(({ key }) => going.get(key) === counts.get(key))
    const widest = sparing.reduce<Selector | undefined>(
      (best, one) => (best === undefined || countOf(going, one) > countOf(going, best) ? one : best),
      undefined,
    )
    if (widest === undefined) return undefined
    chosen.set(widest.key, widest)
  }
  return withoutIdle(attribute, removed, chosen)
}

function countOf(counts: ReadonlyMap<string, number>, { key }: Selector): number {
  return counts.get(key) ?? 0
}

// Without the filters whose elements others match as well.
function withoutIdle(
  attribute: Attribute,
  removed: readonly JsonValue[],
  chosen: ReadonlyMap<string, Selector>,
): readonly Selector[] {
  const takers = removed.map((element) => selectorsOf(attribute, element).filter(({ key }) => chosen.has(key)))
  const needed = new Map(chosen)
  const timesTaken = takers.map((selectors) => selectors.length)
  const taking = new Map<string, number[]>()
  for (const [position, selectors] of takers.entries()) {
    for (const { key } of selectors) push(taking, key, position)
  }
  for (const [key, positions] of taking) {
    if (positions.some((position) => timesTaken[position] === 1)) continue
    needed.delete(key)
    for (const position of positions) timesTaken[position] = (timesTaken[position] ?? 0) - 1
  }
  return [...needed.values()]
}

function push(lists: Map<string, number[]>, key: string, position: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [position])
  else list.push(position)
}
