/** One attempt to deliver one change: the handler runs under a lease, and its result is stored. */
import type { Store } from '../store/store.js'
import type { Change } from './change.js'
import { type AttemptContext, type CheckedDelivery, type DeliveryProblem, pauseAfter } from './deliver-options.js'
import { extend, fail, finish, type Lease } from './leases.js'

/** Receives one change. When it returns, or its promise resolves, the change is delivered. */
export type ChangeHandler = (change: Change, context: AttemptContext) => unknown

/** How an attempt ended; `lost`: without a stored result, so that the change is delivered again. */
export type AttemptEnd = 'delivered' | 'retry' | 'dead' | 'lost'

const longestError = 1_000

/** Runs one attempt. Never throws: errors are passed to `onError`. */
export async function attemptDelivery(
  store: Store,
  lease: Lease,
  handler: ChangeHandler,
  options: CheckedDelivery,
): Promise<AttemptEnd> {
  const { consumer, position, attempt, change } = lease
  const { leaseMilliseconds, attempts } = options
  const report = (error: unknown, outcome: DeliveryProblem['outcome']): void =>
    reportTo(options, error, outcome === 'store' ? { consumer, outcome } : { consumer, outcome, position, attempt })

  async function failed(error: unknown): Promise<AttemptEnd> {
    const state = attempt >= attempts ? 'dead' : 'waiting'
    // PostgreSQL stores no U+0000.
    const text = error instanceof Error ? error.message : String(error)
    const pause = pauseAfter(attempt, options)
    if (!(await fail(store, lease, { state, pause, error: text.slice(0, longestError).replaceAll('\0', ' ') })))
      return lost()
    const end = state === 'dead' ? 'dead' : 'retry'
    report(error, end)
    return end
  }

  function lost(): AttemptEnd {
    report(new Error(`the result of the handler was not stored: no lease after ${leaseMilliseconds} ms`), 'leaseLost')
    return 'lost'
  }

  try {
    // Attempts that ended with their process are counted, but have stored no result.
    if (attempt > attempts) return await failed(new Error('the process ended, or lost its lease, in every attempt'))
    if (change === undefined) return (await finish(store, lease)) ? 'delivered' : 'lost'
    const held = holdLease(store, lease, leaseMilliseconds, (error) => report(error, 'store'))
    try {
      await withinTime(handler(change, { attempt, signal: held.signal }), options, held.abort)
    } catch (error) {
      held.end()
      return await failed(error)
    }
    held.end()
    return (await finish(store, lease)) ? 'delivered' : lost()
  } catch (error) {
    report(error, 'store')
    return 'lost'
  }
}

/** The end of a handler, or an error when its time is over: one that never ends must not keep its place and its resource. */
async function withinTime(
  handled: unknown,
  { handlerMilliseconds }: CheckedDelivery,
  abort: (reason: Error) => void,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`the handler did not end within ${handlerMilliseconds} ms`)
      abort(error)
      reject(error)
    }, handlerMilliseconds)
  })
  try {
    await Promise.race([handled, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Calls `onError`, whose own errors must not end the delivery. */
export function reportTo({ onError }: CheckedDelivery, error: unknown, problem: DeliveryProblem): void {
  try {
    onError(error, problem)
  } catch {}
}

/** Extends a lease three times in its duration until `end`; aborts the signal when it is lost. */
function holdLease(
  store: Store,
  lease: Lease,
  milliseconds: number,
  onError: (error: unknown) => void,
): { readonly signal: AbortSignal; abort(reason: Error): void; end(): void } {
  const controller = new AbortController()
  let heldUntil = performance.now() + milliseconds
  const abort = (reason: Error): void => {
    clearInterval(timer)
    controller.abort(reason)
  }
  const lose = (): void => abort(new Error('the lease of the change has ended'))
  const timer = setInterval(async () => {
    const asked = performance.now()
    try {
      if (await extend(store, lease, milliseconds)) heldUntil = asked + milliseconds
      else lose()
    } catch (error) {
      onError(error)
      if (performance.now() > heldUntil) lose()
    }
  }, milliseconds / 3)
  return { signal: controller.signal, abort, end: () => clearInterval(timer) }
}
