/** The time, in nanoseconds; it never goes back. */
export type Clock = () => number

/**
 * The clock that all processes of one machine share (CLOCK_MONOTONIC where there is one), so that the histories of
 * several client processes can be put together. Node, Bun and Deno; elsewhere bring a clock of your own.
 */
export async function sharedClock(): Promise<Clock> {
  const { hrtime } = await import('node:process')
  return () => {
    const [seconds, nanoseconds] = hrtime()
    return seconds * 1_000_000_000 + nanoseconds
  }
}
