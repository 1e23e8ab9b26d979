/** A monotonic clock, in nanoseconds. */
export type Clock = () => number

/**
 * The monotonic clock that all processes of one machine share (CLOCK_MONOTONIC if available), so that the histories of
 * several client processes can be merged. For Node, Bun and Deno; on other platforms pass your own clock.
 */
export async function sharedClock(): Promise<Clock> {
  const { hrtime } = await import('node:process')
  return () => {
    const [seconds, nanoseconds] = hrtime()
    return seconds * 1_000_000_000 + nanoseconds
  }
}
