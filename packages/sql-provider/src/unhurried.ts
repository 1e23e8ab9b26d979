import { inPortions, paceOf, type Steps } from '@scimkit/core'

const clock = {
  now: () => Date.now(),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
}

/** Runs long work in portions, so that other requests have their turns. */
export function unhurried<Result>(steps: Steps<Result>): Promise<Result> {
  return inPortions(steps, paceOf(clock))
}
