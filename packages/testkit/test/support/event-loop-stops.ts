/** Measures how long one request blocks the event loop of this process. */
import { type Operation, type Scim, type ScimContext, ScimError } from '@scimkit/core'

/** The effect of a request on other requests. */
export interface Stops {
  /** Milliseconds between two turns of the event loop, at most. */
  readonly longest: number
  /** Turns of the event loop while the request was carried out. */
  readonly turns: number
  /** Milliseconds that the request took. */
  readonly took: number
  /** The kind of its outcome, or its error. */
  readonly end: string
}

/** Carries the request out and counts the turns of the event loop meanwhile. Throws errors that are not SCIM errors. */
export async function stopsOf(scim: Scim, context: ScimContext, operation: Operation): Promise<Stops> {
  let [longest, turns, ended] = [0, 0, false]
  let last = performance.now()
  const turn = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    turns += 1
    if (!ended) setImmediate(turn)
  }
  // The first turn does not belong to the request.
  await new Promise<void>((resolve) => setImmediate(resolve))
  last = performance.now()
  setImmediate(turn)
  const start = performance.now()
  const end = await endOf(scim, context, operation)
  const took = performance.now() - start
  await new Promise<void>((resolve) => setImmediate(resolve))
  ended = true
  return { longest, turns, took, end }
}

/** The outcome of the request, with the complete response. */
export async function endOf(scim: Scim, context: ScimContext, operation: Operation): Promise<string> {
  try {
    const outcome = await scim.perform(operation, context)
    if (outcome.kind === 'success' && outcome.value.text === undefined) return 'no body'
    return outcome.kind
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    return `${error.status} ${error.scimType ?? ''}`.trim()
  }
}

/** Milliseconds of GETs by id while the other requests run concurrently and repeatedly; sorted. */
export async function readsBeside(
  scim: Scim,
  context: ScimContext,
  others: readonly Operation[],
  read: (i: number) => Operation,
  milliseconds: number,
): Promise<readonly number[]> {
  const until = performance.now() + milliseconds
  const again = async (operation: Operation): Promise<void> => {
    while (performance.now() < until) {
      await endOf(scim, context, operation)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  const latencies: number[] = []
  const reading = async (): Promise<void> => {
    for (let i = 0; performance.now() < until; i++) {
      // The time when the request should begin: waiting for the event loop counts.
      const due = performance.now() + 20
      await new Promise((resolve) => setTimeout(resolve, 20))
      const end = await endOf(scim, context, read(i))
      if (end !== 'success') throw new Error(`a GET by id ended with ${end}`)
      latencies.push(performance.now() - due)
    }
  }
  await Promise.all([...others.map(again), reading()])
  return latencies.sort((left, right) => left - right)
}
