import { digest } from '#digest'

/** The platform functions of the core. They are parameters, so that tests can run everything from a seed. */
export interface Ports {
  /** Milliseconds since 1970; used for `meta` and durations, never for the identity or order of versions. */
  readonly now: () => number
  /** A new id with at least 122 random bits. */
  readonly newId: () => string
  /** A number in [0, 1), for jitter. */
  readonly random: () => number
  /** Random bytes that cannot be guessed, for cursors and for versions, which are unique by them. */
  readonly randomBytes: (count: number) => Uint8Array<ArrayBuffer>
  /** SHA-256 in lower-case hex. */
  readonly digest: (text: string) => string | Promise<string>
  /** Resolves after so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Calls `run` once after so many milliseconds, unless the function that it returns is called before. */
  readonly startTimer: (milliseconds: number, run: () => void) => () => void
}

/** The ports of the current platform. */
export const platformPorts: Ports = {
  now: () => Date.now(),
  newId: () => crypto.randomUUID(),
  random: () => Math.random(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  digest,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  startTimer: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
