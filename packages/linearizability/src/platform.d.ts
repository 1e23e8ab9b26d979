/** The platform function that the clock uses beyond ECMAScript; it is loaded only when it is used. */
declare module 'node:process' {
  /** Seconds and nanoseconds of a monotonic clock. */
  export function hrtime(): [number, number]
}
