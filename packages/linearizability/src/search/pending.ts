/**
 * The closed steps that are not linearized yet, in the order of their invocation: a linked list, because the search
 * removes steps and restores them in reverse order, tens of thousands of times.
 */
import type { Step } from '../registers/step.js'

/** The steps that may be linearized next. */
export interface Frontier {
  /** The steps that were invoked before any pending step returned. */
  readonly indexes: readonly number[]
  /** The earliest return of all pending steps, Infinity if absent: steps invoked later must wait. */
  readonly deadline: number
}

/** The pending steps. Steps are identified by their index in the given list. */
export interface Pending {
  readonly isEmpty: () => boolean
  /** The number of linearized steps. */
  readonly done: () => number
  readonly take: (index: number) => void
  /** Undoes `take`, in reverse order of the calls of `take`. */
  readonly putBack: (index: number) => void
  readonly frontier: () => Frontier
  /** A pending step that returned before this moment and satisfies the predicate. */
  readonly findReturned: (before: number, isSuch: (step: Step) => boolean) => Step | undefined
  /** Equal if and only if the same steps are linearized. */
  readonly key: () => string
}

/** Starts with all steps pending. They must be closed and sorted by invocation. */
export function pendingSteps(steps: readonly Step[]): Pending {
  const end = steps.length
  // The sentinel of the ring is both before the first step and after the last.
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
      // Sorted by invocation, so all following steps are too late as well. Equal times are ambiguous, so both may be next.
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
      // With 16 clients at most 16 steps before the last taken one are pending, so their indexes and a count identify the set.
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
