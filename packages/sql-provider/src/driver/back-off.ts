/** Waits between attempts at a busy database, longer each time, at random so that rivals do not meet again. */

/** How long attempts may take in all, in milliseconds. */
export interface Patience {
  readonly milliseconds: number
}

/** Resolves to true after a pause, or to false at once when patience is at its end. */
export type Pause = () => Promise<boolean>

const firstPause = 5
const longestPause = 250

/** A series of pauses that ends when patience does. */
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
