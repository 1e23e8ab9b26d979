/** Walks through resources in base order, a portion in each turn, so that neither the process nor the database is blocked. */
import type { MaybePromise } from '@scimkit/core/provider'
import type { Row } from '../../driver/driver.js'
import type { PaceOptions } from '../../reading/pace.js'
import type { Search } from './search.js'
import type { WalkStatements } from './walk-statements.js'

/** The resources that a walk reads: those of the type after a row, or those in these rows, which are in base order. */
export type Range = { readonly after: number } | { readonly rows: readonly number[] }

/** Receives the rows of a portion that satisfy the condition; returns true if it needs no more. */
export type TakeRows = (rows: readonly Row[]) => MaybePromise<boolean>

/**
 * Reads a range until it ends or `take` returns true. Every row that is read is spent from the budget, unless `free`. Throws 400
 * tooMany and a StoreFailure.
 */
export async function walk(
  search: Search,
  statements: WalkStatements,
  range: Range,
  take: TakeRows,
  { free = false, ...options }: Partial<PaceOptions> & { readonly free?: boolean } = {},
): Promise<void> {
  const pace = search.pace({ cost: search.cost, ...options })
  const spend = (rows: number): void => {
    if (!free) search.budget.spend(rows * search.cost)
  }
  if ('rows' in range) {
    for (let at = 0; at < range.rows.length; ) {
      const { rows, isLast } = await pace.portion(async (size) => {
        const part = range.rows.slice(at, at + size)
        spend(part.length)
        const isEnough = await take(await search.ask(statements.among(part)))
        return { rows: part.length, isLast: isEnough, result: undefined }
      })
      if (isLast) return
      at += rows
    }
    return
  }
  for (let after = range.after; ; ) {
    const { isLast, result } = await pace.portion(async (size) => {
      const [bound] = await search.ask(statements.bound(after, size))
      const looked = Number(bound?.looked ?? 0)
      if (looked === 0) return { rows: 0, isLast: true, result: after }
      spend(looked)
      const last = Number(bound?.last)
      const isEnough = await take(await search.ask(statements.between(after, last)))
      return { rows: looked, isLast: isEnough || looked < size, result: last }
    })
    if (isLast) return
    after = result
  }
}

// Only an index is read, so a row costs a fraction of a comparison.
const counting: PaceOptions = { cost: 0.05, most: 1_000_000 }

/** The number of resources of the type; the resources are not read, so nothing is spent. */
export async function countAll(search: Search, statements: WalkStatements): Promise<number> {
  const pace = search.pace(counting)
  let total = 0
  for (let after = 0; ; ) {
    const { rows, isLast, result } = await pace.portion(async (size) => {
      const [bound] = await search.ask(statements.bound(after, size))
      const looked = Number(bound?.looked ?? 0)
      return { rows: looked, isLast: looked < size, result: Number(bound?.last ?? after) }
    })
    total += rows
    if (isLast) return total
    after = result
  }
}

/** The row of the resource at this position of the list; the last row if there are fewer, 0 if there is none. */
export async function rowAt(search: Search, statements: WalkStatements, count: number): Promise<number> {
  const pace = search.pace(counting)
  let after = 0
  for (let left = count; left > 0; ) {
    const { rows, result } = await pace.portion(async (size) => {
      const [bound] = await search.ask(statements.bound(after, Math.min(size, left)))
      const looked = Number(bound?.looked ?? 0)
      return { rows: looked, isLast: looked === 0, result: Number(bound?.last ?? after) }
    })
    if (rows === 0) return after
    left -= rows
    after = result
  }
  return after
}
