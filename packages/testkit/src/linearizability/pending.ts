/**
 * The closed steps that have not had their turn yet, in the order of their invocation: a linked list, because the
 * search takes steps out and puts them back in reverse order, some ten thousand times over.
 */
import type { Step } from './step.js'

/** Which steps may be next. */
export interface Frontier {
  /** Those invoked before any pending step had returned. */
  readonly indexes: readonly number[]
  /** The earliest return of all that are pending, Infinity if none is: what was invoked later must wait. */
  readonly deadline: number
}

/** The steps still to come. Steps are named by their place in the list given. */
export interface Pending {
  readonly isEmpty: () => boolean
  /** How many have had their turn. */
  readonly done: () => number
  readonly take: (index: number) => void
  /** Undoes `take`. What was taken last must come back first. */
  readonly putBack: (index: number) => void
  readonly frontier: () => Frontier
  /** One like this among those that had returned before a moment. */
  readonly findReturned: (before: number, isSuch: (step: Step) => boolean) => Step | undefined
  /** Equal exactly if the same steps have had their turn. */
  readonly key: () => string
}

/** All steps pending. They must be closed and sorted by invocation. */
export function pendingSteps(steps: readonly Step[]): Pending {
  const end = steps.length
  // The end of the ring is both before the first and after the last.
  const following = Int32Array.from({ length: end + 1 }, (_, i) => (i === end ? 0 : i + 1))
  const preceding = Int32Array.from({ length: end + 1 }, (_, i) => (i === 0 ? end : i - 1))
  let done = 0
  const after = (index: number): number => following[index] ?? end
  const before = (index: number): number => preceding[index] ?? end

  const frontier = (): Frontier => {
    const indexes: number[] = []
    let deadline = Number.POSITIVE_INFINITY
    for (let index = after(end); index !== end; index = after(index)) {
      const step = steps[index]
      // Sorted by invocation, so all that follow are too late as well. At the same nanosecond nobody knows: both may.
      if (step === undefined || step.invoked > deadline) break
      indexes.push(index)
      deadline = Math.min(deadline, step.returned)
    }
    return { indexes, deadline }
  }

  return {
    isEmpty: () => done === end,
    done: () => done,
    frontier,
    findReturned: (moment, isSuch) => {
      for (let index = after(end); index !== end; index = after(index)) {
        const step = steps[index]
        if (step === undefined || step.invoked >= moment) return undefined
        if (step.returned < moment && isSuch(step)) return step
      }
      return undefined
    },
    take: (index) => {
      following[before(index)] = after(index)
      preceding[after(index)] = before(index)
      done += 1
    },
    putBack: (index) => {
      following[before(index)] = index
      preceding[after(index)] = index
      done -= 1
    },
    key: () => {
      // With 16 clients at most 16 steps before the last one taken are pending, so their places and a count say it all.
      const gaps: number[] = []
      let seen = 0
      for (let index = after(end); index !== end && index - seen < done; index = after(index)) {
        gaps.push(index)
        seen += 1
      }
      return `${done}:${gaps.join()}`
    },
  }
}
