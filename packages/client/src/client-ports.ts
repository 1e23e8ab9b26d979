/** Platform functions that the client uses. Injected, so that tests can check waiting without waiting. */
export interface ClientPorts {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A number in [0, 1), for jitter. */
  readonly random: () => number
  /** Resolves after so many milliseconds, or as soon as the signal aborts; never rejects. */
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

// A timer with a longer delay fires immediately.
const longest = 2 ** 31 - 1

/** The ports of the platform. */
export const platformClientPorts: ClientPorts = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const wake = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, Math.min(milliseconds, longest))
      signal?.addEventListener('abort', wake, { once: true })
    }),
}
