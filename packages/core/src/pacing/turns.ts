import { scimError } from '../errors.js'

/** Divides long work of one request into slices, so that other requests run in between. */
export interface Turns {
  /** True once this slice has taken long enough. Called between small steps; `steps` are those since the last call. */
  isDue(steps?: number): boolean
  /** Ends the slice: resolves when other requests have had a turn. Throws 503 if the client has disconnected. */
  rest(): Promise<void>
}

// Milliseconds. Less than the 10 that others may wait, because the clock is read between steps only.
const portion = 6
// The first slice runs in the turn that brought the request, perhaps together with many others.
const firstPortion = 1
const leastPortion = 0.5
// Reading the clock costs more than a step.
const stepsBetweenReadings = 128
// Some platforms (Workers) stop the clock while a script runs.
const stepsPerMillisecond = 8_000

// How many are resting: all of them may continue in the same turn of the event loop, so they share one slice.
let resting = 0

/**
 * The turns of one request. `client.signal` fires when its client has disconnected; it is read when the request rests,
 * not before, because adapters create it on first use.
 */
export function turnsFor(client: { readonly signal?: AbortSignal | undefined } = {}): Turns {
  // Short work does not read the clock at all: the first slice begins when it is first read.
  let [end, stepsLeft]: [end: number | undefined, steps: number] = [undefined, firstPortion * stepsPerMillisecond]
  let unread = 0
  return {
    isDue(steps = 1) {
      unread += steps
      if (unread < stepsBetweenReadings) return false
      stepsLeft -= unread
      unread = 0
      end ??= performance.now() + firstPortion
      return stepsLeft <= 0 || performance.now() >= end
    },
    async rest() {
      resting += 1
      await new Promise<void>((resume) => setTimeout(resume, 0))
      resting -= 1
      if (client.signal?.aborted === true) throw scimError.unavailable('The client has disconnected.')
      ;[end, stepsLeft] = portionFromNow(Math.max(leastPortion, portion / (1 + resting)))
      unread = 0
    },
  }
}

function portionFromNow(milliseconds: number): [end: number, steps: number] {
  return [performance.now() + milliseconds, milliseconds * stepsPerMillisecond]
}
