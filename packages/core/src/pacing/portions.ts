/**
 * Long work in slices. Work that may be long is written as a generator that yields where other requests may run; its
 * runner decides whether they do.
 */
import { scimError } from '../errors.js'
import { type Ports, platformPorts } from '../ports.js'

/**
 * Work that can be interrupted wherever it yields. It must hold no state that other requests see before it has ended.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>

/** Lets other requests run when it is time. Rejects with 503 once the client has disconnected. */
export interface Pace {
  /** Undefined if it is not time yet. */
  readonly rest: () => Promise<void> | undefined
}

// Milliseconds of work between two turns of other requests: long enough to make progress, short enough not to delay
// them noticeably.
const stretch = 5

/** The pace of one request. The clock is first read at the first step, so that short work does not read it at all. */
export function paceOf({ now, sleep }: Pick<Ports, 'now' | 'sleep'>, signal?: AbortSignal): Pace {
  let since: number | undefined
  return {
    rest() {
      const time = now()
      since ??= time
      if (time - since < stretch) return undefined
      return sleep(0).then(() => {
        since = now()
        if (signal?.aborted === true) throw scimError.unavailable('The client has disconnected.')
      })
    },
  }
}

/** Runs the work to its end, with turns of other requests in between. */
export async function inPortions<Result>(steps: Steps<Result>, pace: Pace): Promise<Result> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    const turn = pace.rest()
    if (turn !== undefined) await turn
  }
}

/** Runs the work to its end on the platform's clock, with turns of other requests in between; for providers. */
export function runInPortions<Result>(steps: Steps<Result>): Promise<Result> {
  return inPortions(steps, paceOf(platformPorts))
}

/** Runs the work to its end without interruption. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** A result that takes no steps. */
// biome-ignore lint/correctness/useYield: there is nothing to wait for.
export function* done<Result>(result: Result): Steps<Result> {
  return result
}

/** Elements of a list that one step processes. */
export const elementsInStep = 512

/** `list.map(change)` in steps. */
export function* mapInSteps<Value, Result>(
  list: readonly Value[],
  change: (value: Value) => Result,
): Steps<readonly Result[]> {
  const results: Result[] = []
  for (const value of list) {
    results.push(change(value))
    if (results.length % elementsInStep === 0) yield
  }
  return results
}
