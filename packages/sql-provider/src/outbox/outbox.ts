/** The outbox of a provider. */
import type { Store } from '../store/store.js'
import type { ChangeHandler } from './attempt.js'
import { type Consumer, consumerName, forgetConsumer, listConsumers } from './consumers.js'
import { type DeadDelivery, type DeadQuery, discardDead, listDead, retryDead } from './dead-letters.js'
import {
  type DeliverDueOptions,
  type DeliverOptions,
  type Delivery,
  type DeliveryPlace,
  type DeliveryReport,
  deliver,
  deliverDue,
} from './deliver.js'
import type { OutboxSettings } from './outbox-options.js'
import { pruneBefore } from './prune.js'
import { type ChangesPage, type ChangesQuery, readChanges } from './read-changes.js'

/**
 * The committed changes of a store, for consumers. Every function throws an Error that names the option `outbox` if it is off, a
 * TypeError for invalid values, and 503 if the database fails.
 */
export interface Outbox {
  /**
   * The changes after a position, in order: an ordered feed that skips no change, also one whose transaction commits late. Throws an
   * {@link OutboxGap} if changes after the position may have been removed.
   */
  read(query?: ChangesQuery): Promise<ChangesPage>
  /**
   * Delivers each change to `handler` at least once, those of one resource in order, and those of several resources at the same
   * time. Several processes with the same `consumer` share the changes. A handler that throws is called again, with growing pauses;
   * after the last attempt the change is dead, and blocks the later changes of its resource no more.
   */
  deliver(handler: ChangeHandler, options: DeliverOptions): Delivery
  /** Delivers what is due now, once, for cron triggers and platforms without background work. */
  deliverDue(handler: ChangeHandler, options: DeliverDueOptions): Promise<DeliveryReport>
  /** Deliveries whose last attempt failed, by position. */
  dead(query: DeadQuery): Promise<readonly DeadDelivery[]>
  /** Makes a dead delivery due again, after the later changes of its resource; false if there is no such dead delivery. */
  retry(consumer: string, position: number): Promise<boolean>
  /** Removes a dead delivery for good; false if there is no such dead delivery. */
  discard(consumer: string, position: number): Promise<boolean>
  /** All consumers, by name. */
  consumers(): Promise<readonly Consumer[]>
  /** Removes a consumer, so that it keeps no rows; false if it is unknown. End its deliveries first. */
  forget(consumer: string): Promise<boolean>
  /** Removes the rows that are older than the retention and that every consumer has finished; returns how many. */
  prune(): Promise<number>
}

/** What a provider needs of its outbox, beside the outbox. */
export interface OutboxPort {
  readonly outbox: Outbox
  /** To be called after each committed write; undefined if the outbox is off. */
  readonly written: (() => void) | undefined
}

const mostPortions = 1_000_000

/** The outbox on a store. `now` is the clock of the process, in milliseconds since 1970. */
export function outboxOn(
  store: Store,
  guarded: DeliveryPlace['guarded'],
  { content, retentionSeconds }: OutboxSettings,
  now: () => number = () => Date.now(),
): OutboxPort {
  if (content === 'off') return { outbox: outboxThatIsOff(), written: undefined }
  const listeners = new Set<() => void>()
  const prune = (portions: number): Promise<number> =>
    pruneBefore(store, new Date(now() - retentionSeconds * 1_000).toISOString(), portions)
  const place: DeliveryPlace = {
    store,
    guarded,
    prune,
    onWrite(listener) {
      // Where requests are isolated, one may not continue the work of another.
      if (store.driver.isolatesRequests === true) return () => {}
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    written() {
      for (const listener of listeners) listener()
    },
    outbox: {
      read: (query = {}) => guarded(() => readChanges(store, query)),
      deliver: (handler, options) => deliver(place, handler, options),
      deliverDue: (handler, options) => guarded(() => deliverDue(place, handler, options)),
      dead: (query) => guarded(() => listDead(store, query)),
      retry: (consumer, position) => guarded(() => retryDead(store, { consumer, position })),
      discard: (consumer, position) => guarded(() => discardDead(store, { consumer, position })),
      consumers: () => guarded(() => listConsumers(store)),
      forget: (consumer) => guarded(() => forgetConsumer(store, consumerName(consumer))),
      prune: () => guarded(() => prune(mostPortions)),
    },
  }
}

function outboxThatIsOff(): Outbox {
  const refuse = (): never => {
    throw new Error('The outbox is off: set the option `outbox: true` of the provider.')
  }
  const reject = async (): Promise<never> => refuse()
  return {
    read: reject,
    deliver: refuse,
    deliverDue: reject,
    dead: reject,
    retry: reject,
    discard: reject,
    consumers: reject,
    forget: reject,
    prune: reject,
  }
}
