import { consumerName } from './consumers.js'
import { wholeNumber } from './outbox-options.js'

/** What a handler knows about an attempt. */
export interface AttemptContext {
  /** 1 for the first attempt. Attempts that ended with their process count too. */
  readonly attempt: number
  /**
   * Aborted when the lease is lost or the time of the attempt is over: another attempt may then have the change, and the result
   * of this one does not count.
   */
  readonly signal: AbortSignal
}

/** Why `onError` is called. */
export interface DeliveryProblem {
  readonly consumer: string
  /**
   * `retry`: an attempt failed, and another one follows. `dead`: the last attempt failed. `leaseLost`: the lease ended during the
   * attempt, so that the change is delivered again. `store`: the database failed; the delivery continues by itself.
   */
  readonly outcome: 'retry' | 'dead' | 'leaseLost' | 'store'
  /** The position of the change; absent for `store`. */
  readonly position?: number
  /** Which attempt it was; absent for `store`. */
  readonly attempt?: number
}

/** The options of every kind of delivery. */
export interface DeliveryOptions {
  /** The name of the consumer, 1 to 100 characters. All processes with the same name share its changes. */
  readonly consumer: string
  /** Most handlers that run at the same time in this process, from 1 to 100. Default 8. */
  readonly concurrency?: number
  /**
   * Milliseconds after which another process takes the change of a process that has ended without a result, at least 100. Extended
   * while a handler runs. Default 60,000.
   */
  readonly leaseMilliseconds?: number
  /**
   * Most milliseconds that one attempt may take: then its signal is aborted and it has failed, whether its handler has ended or
   * not. Default 600,000, which is 10 minutes.
   */
  readonly handlerMilliseconds?: number
  /** Most attempts for one change; after the last one it is dead. Default 20. */
  readonly attempts?: number
  /** Milliseconds after the first failed attempt; twice as many after each further one, with jitter. Default 1,000. */
  readonly firstPauseMilliseconds?: number
  /** Most milliseconds between two attempts. Default 300,000, which is 5 minutes. */
  readonly longestPauseMilliseconds?: number
  /** Receives the errors of handlers and of the database. Default: a line of `console.warn`. */
  readonly onError?: (error: unknown, problem: DeliveryProblem) => void
}

/** Timers of JavaScript fire at once for more milliseconds than this. */
export const longestTimer = 2_147_483_647

/** The options, checked. */
export type CheckedDelivery = Required<DeliveryOptions>

/** The options with their defaults. Throws a TypeError for an invalid one. */
export function deliveryFrom(options: DeliveryOptions): CheckedDelivery {
  const { concurrency = 8, leaseMilliseconds = 60_000, attempts = 20, onError = warn } = options
  const { handlerMilliseconds = 600_000 } = options
  const { firstPauseMilliseconds = 1_000, longestPauseMilliseconds = 300_000 } = options
  return {
    consumer: consumerName(options.consumer),
    concurrency: wholeNumber('concurrency', concurrency, 1, 100),
    leaseMilliseconds: wholeNumber('leaseMilliseconds', leaseMilliseconds, 100, longestTimer),
    handlerMilliseconds: wholeNumber('handlerMilliseconds', handlerMilliseconds, 1, longestTimer),
    attempts: wholeNumber('attempts', attempts, 1),
    firstPauseMilliseconds: wholeNumber('firstPauseMilliseconds', firstPauseMilliseconds, 1),
    longestPauseMilliseconds: wholeNumber('longestPauseMilliseconds', longestPauseMilliseconds, 1),
    onError,
  }
}

/** Milliseconds after a failed attempt: between half of the exponential pause and the whole of it. */
export function pauseAfter(
  attempt: number,
  { firstPauseMilliseconds, longestPauseMilliseconds }: CheckedDelivery,
): number {
  const pause = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** Math.min(attempt - 1, 40))
  return Math.round(pause / 2 + (Math.random() * pause) / 2)
}

const causes: Readonly<Record<DeliveryProblem['outcome'], string>> = {
  retry: 'a handler failed, the change is delivered again',
  dead: 'a handler failed in its last attempt, the change is in the dead letters',
  leaseLost: 'the lease ended while a handler was running, the change is delivered again',
  store: 'the database failed, the delivery continues when it answers',
}

function warn(error: unknown, { consumer, outcome, position, attempt }: DeliveryProblem): void {
  const place = position === undefined ? '' : `, position ${position}, attempt ${attempt}`
  const text = error instanceof Error ? error.message : String(error)
  console.warn(`scimkit outbox: consumer ${consumer}${place}: ${causes[outcome]}: ${text}`)
}
