// Edge runtimes may lack it, so it is read by reflection and not as a global name.
const immediate: unknown = Reflect.get(globalThis, 'setImmediate')

/**
 * Resolves in a later turn of the event loop, after the requests that have arrived. By `setImmediate` where the runtime has
 * it: a timer waits a millisecond at least.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resume) => {
    if (typeof immediate === 'function') immediate(resume)
    else setTimeout(resume, 0)
  })
}
