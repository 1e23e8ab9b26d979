/** Delivery: takes due changes into free places, as long as there are any, and then waits. */
import type { Store } from '../store/store.js'
import { attemptDelivery, type ChangeHandler, reportTo } from './attempt.js'
import { advanceConsumer } from './consumers.js'
import { type CheckedDelivery, type DeliveryOptions, deliveryFrom, longestTimer } from './deliver-options.js'
import { claim, type Lease } from './leases.js'
import { wholeNumber } from './outbox-options.js'

/** The options of a continuous delivery. */
export interface DeliverOptions extends DeliveryOptions {
  /** Milliseconds between two looks for changes while there are none, at least 10. Writes of the same provider are noticed at once. Default 1,000. */
  readonly pollMilliseconds?: number
}

/** The options of one pass. */
export interface DeliverDueOptions extends DeliveryOptions {
  /** Most attempts of this pass, for platforms that limit the statements of one call. Default 500. */
  readonly limit?: number
}

/** A running delivery. */
export interface Delivery {
  /** Takes no more changes; resolves when the running handlers have ended and their results are stored. */
  stop(): Promise<void>
}

/** The result of one pass. */
export interface DeliveryReport {
  readonly delivered: number
  /** Attempts that failed and are repeated later. */
  readonly retried: number
  readonly dead: number
  /** True if the pass ended at its limit; more changes may be due. */
  readonly more: boolean
}

/** Where a delivery runs. */
export interface DeliveryPlace {
  readonly store: Store
  /** Prepares the database, and converts its failures. */
  readonly guarded: <Value>(work: () => Promise<Value>) => Promise<Value>
  /** Removes old rows. */
  readonly prune: (portions: number) => Promise<unknown>
  /** Calls `listener` after each write of this process, until the returned function is called. */
  readonly onWrite: (listener: () => void) => () => void
}

const pruneMilliseconds = 60_000
// A portion may have nothing to deliver, if all its changes wait for an earlier change of the same resource.
const mostPortions = 50

/** Delivers changes until `stop`. Throws a TypeError for an invalid option. */
export function deliver(place: DeliveryPlace, handler: ChangeHandler, options: DeliverOptions): Delivery {
  const checked = deliveryFrom(options)
  const pollMilliseconds = wholeNumber('pollMilliseconds', options.pollMilliseconds ?? 1_000, 10, longestTimer)
  const { consumer, concurrency } = checked
  const running = new Set<Promise<unknown>>()
  const bell = bellOf()
  let stopping = false
  let prunedAt = Number.NEGATIVE_INFINITY

  async function round(): Promise<boolean> {
    if (performance.now() - prunedAt > pruneMilliseconds) {
      prunedAt = performance.now()
      await place.prune(10)
    }
    const leases = await take(place, checked, concurrency - running.size)
    for (const lease of leases) {
      const attempt = attemptDelivery(place.store, lease, handler, checked).then(() => {
        running.delete(attempt)
        bell.ring()
      })
      running.add(attempt)
    }
    return leases.length > 0
  }

  async function run(): Promise<void> {
    const leave = place.onWrite(bell.ring)
    try {
      while (!stopping) {
        let found = false
        try {
          if (running.size < concurrency) found = await place.guarded(round)
        } catch (error) {
          reportTo(checked, error, { consumer, outcome: 'store' })
        }
        if (!stopping && (!found || running.size >= concurrency)) await bell.wait(pollMilliseconds)
      }
      await Promise.all(running)
    } finally {
      leave()
    }
  }

  const ended = run()
  return {
    stop() {
      stopping = true
      bell.ring()
      return ended
    },
  }
}

/** Delivers what is due now, and ends. Throws a TypeError for an invalid option, and the errors of the database. */
export async function deliverDue(
  { store, prune }: Pick<DeliveryPlace, 'store' | 'prune'>,
  handler: ChangeHandler,
  options: DeliverDueOptions,
): Promise<DeliveryReport> {
  const checked = deliveryFrom(options)
  const limit = wholeNumber('limit', options.limit ?? 500, 1)
  const running = new Set<Promise<unknown>>()
  const ends = { delivered: 0, retry: 0, dead: 0, lost: 0 }
  let begun = 0
  let more = true
  try {
    while (begun < limit) {
      const wasIdle = running.size === 0
      const leases = await take({ store }, checked, Math.min(checked.concurrency - running.size, limit - begun))
      begun += leases.length
      for (const lease of leases) {
        const attempt = attemptDelivery(store, lease, handler, checked).then((end) => {
          ends[end] += 1
          running.delete(attempt)
        })
        running.add(attempt)
      }
      // A handler that ended during the search may have made the next change of its resource due.
      if (leases.length === 0 && wasIdle) {
        more = false
        break
      }
      if (leases.length === 0 || running.size >= checked.concurrency) await firstOf(running)
    }
  } finally {
    await Promise.all(running)
  }
  await prune(1)
  return { delivered: ends.delivered, retried: ends.retry, dead: ends.dead, more }
}

/** Takes due deliveries, and moves further changes to the deliveries only if there are too few. */
async function take(
  { store }: Pick<DeliveryPlace, 'store'>,
  { consumer, leaseMilliseconds }: CheckedDelivery,
  free: number,
): Promise<readonly Lease[]> {
  const leases: Lease[] = []
  try {
    for (let portion = 0; portion < mostPortions; portion++) {
      leases.push(...(await claim(store, consumer, free - leases.length, leaseMilliseconds)))
      if (leases.length === free || !(await advanceConsumer(store, consumer))) break
    }
  } catch (error) {
    // Else those that were taken would wait for the end of their leases, with an attempt that never began.
    if (leases.length === 0) throw error
  }
  return leases
}

/** Resolves when one of them has ended, or at once if there are none. */
async function firstOf(running: ReadonlySet<Promise<unknown>>): Promise<void> {
  if (running.size > 0) await Promise.race(running)
}

/** A wait that `ring` ends; a `ring` before the wait ends it at once. */
function bellOf(): { ring(): void; wait(milliseconds: number): Promise<void> } {
  let rung = false
  let resume: (() => void) | undefined
  return {
    ring() {
      rung = true
      resume?.()
    },
    async wait(milliseconds) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          resume = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      rung = false
      resume = undefined
    },
  }
}
