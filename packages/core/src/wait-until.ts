/**
 * Passes a promise to the platform, which keeps the request alive until the promise has settled. Workers cancels all
 * work of a request when its client has disconnected or its response is sent, except promises passed here.
 * @see https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil
 */
export type WaitUntil = (promise: Promise<unknown>) => void

/**
 * Passes work to the platform, if the platform has a function for it. `work` must not reject. A registration that fails
 * is reported and changes nothing else.
 */
export function keepAlive(
  waitUntil: WaitUntil | undefined,
  work: Promise<unknown>,
  failed: (error: unknown) => void,
): void {
  if (waitUntil === undefined) return
  try {
    waitUntil(work)
  } catch (error) {
    failed(error)
  }
}
