/** Exponential backoff with jitter between attempts at a busy database: concurrent writers then do not retry at the same time. */

/** How long attempts may take in all, in milliseconds. */
export interface Patience {
  readonly milliseconds: number
}

/** Resolves to true after a pause, or to false at once when the time limit has passed. */
export type Pause = () => Promise<boolean>

const firstPause = 5
const longestPause = 250

/** A series of pauses that ends at the time limit. */
export function pauses({ milliseconds }: Patience): Pause {
  const deadline = performance.now() + milliseconds
  let longest = firstPause
  return async () => {
    const left = deadline - performance.now()
    if (left <= 0) return false
    await new Promise((resume) => setTimeout(resume, Math.min(left, 1 + Math.random() * longest)))
    longest = Math.min(longestPause, longest * 2)
    return true
  }
}
