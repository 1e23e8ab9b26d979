import type { ListWork } from '../driver/driver.js'

/** How a walk chooses the size of its portions. */
export interface PaceOptions {
  /** Comparisons that one row costs. */
  readonly cost: number
  /** Most rows in a portion, because they are all in memory. Default 20,000. */
  readonly most?: number
  /** Fewest rows in a portion, if its duration depends little on them. Default 1. */
  readonly least?: number
}

/** The result of a portion. */
export interface Portion<Result> {
  /** How many rows it has read. */
  readonly rows: number
  readonly isLast: boolean
  readonly result: Result
}

/** A walk in portions, each as large as the database can process in the target time. */
export interface Pace {
  /** Runs one portion when its turn comes: `size` is the number of rows to read. */
  portion<Result>(work: (size: number) => Promise<Portion<Result>>): Promise<Portion<Result>>
}

const growth = 2

/** The pace of a new walk. Its first portion is small, because the cost of the rows is not known yet. */
export function paceOf(
  { turns, milliseconds, comparisons }: ListWork,
  signal: AbortSignal | undefined,
  { cost, most = 20_000, least = 1 }: PaceOptions,
): Pace {
  const within = (size: number): number => Math.max(least, Math.min(most, Math.floor(size)))
  let size = within(comparisons / cost)
  return {
    portion: (work) =>
      turns.take(async () => {
        const began = performance.now()
        const done = await work(size)
        const took = performance.now() - began
        if (took > milliseconds) size = within((size * milliseconds) / took)
        else if (took < milliseconds / growth && done.rows >= size) size = within(size * growth)
        return done
      }, signal),
  }
}
