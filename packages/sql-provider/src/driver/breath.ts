/**
 * Resolves in a later turn of the event loop, after the requests that have arrived. `setImmediate` where the runtime has
 * it: a timer waits a millisecond at least.
 */
export function breath(): Promise<void> {
  return new Promise((resume) => {
    if (typeof setImmediate === 'function') setImmediate(resume)
    else setTimeout(resume, 0)
  })
}
