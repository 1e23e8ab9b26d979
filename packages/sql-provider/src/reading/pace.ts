import type { ListWork } from '../driver/driver.js'

/** How a walk takes its portions. */
export interface PaceOptions {
  /** Comparisons that one row costs. */
  readonly cost: number
  /** Most rows in a portion, where they are all in memory. Default 20,000. */
  readonly most?: number
  /** Fewest rows in a portion, where its time says little about them. Default 1. */
  readonly least?: number
}

/** What a portion has done. */
export interface Portion<Result> {
  /** How many rows it has looked at. */
  readonly rows: number
  readonly isLast: boolean
  readonly result: Result
}

/** A walk in portions, as large as the database can do in the time that it gives to one. */
export interface Pace {
  /** Runs one portion when its turn comes: `size` is the number of rows to look at. */
  portion<Result>(work: (size: number) => Promise<Portion<Result>>): Promise<Portion<Result>>
}

const growth = 2

/** A walk that has not begun. Its first portion is small, since nothing is known of the rows yet. */
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
