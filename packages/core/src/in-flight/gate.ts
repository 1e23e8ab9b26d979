import type { Ports } from '../ports.js'
import { type Hold, type Lane, lanesByKey, type Waiter } from './lanes.js'

/** Why a gate refuses: the queue is full, the wait took too long, or the client has disconnected. */
export type RefusalReason = 'full' | 'late' | 'gone'

/** The limits of a gate. */
export interface GateOptions {
  /** Units in use at once, all keys together. */
  readonly capacity: number
  /** Units in use at once by one key. */
  readonly share: number
  /** Entrants that wait at once, all keys together. */
  readonly queue: number
  /** How long each of them waits at most. */
  readonly milliseconds: number
  /** How long an entrant holds its units at most; after that others may take them. */
  readonly holdMilliseconds: number
  /** The error for an entrant that is refused; `own` is true if the share of its key is in use. */
  readonly refuse: (reason: RefusalReason, own: boolean) => Error
}

/**
 * A bound on work in flight. Entrants beyond it wait; the keys (tenants) that wait take turns, those of one key in
 * their order, so the queue of one key does not delay another key.
 */
export interface Gate {
  /**
   * Takes the units of `hold`, not more than `share`. Undefined: taken. A promise: it resolves when they are taken, and
   * rejects with a refusal, which has taken nothing. A hold is for one entry. `client.signal` is read only by a wait.
   */
  enter(hold: Hold, client: { readonly signal?: AbortSignal | undefined }): Promise<void> | undefined
  /** Returns units, by default all that are held. No effect on a hold that has ended, or was never taken. */
  leave(hold: Hold, weight?: number): void
}

/**
 * A gate with nothing in flight. Each entrant that waits has a timer of its own: on Workers a timer ends with the request
 * that started it, so none may depend on the timer of another one. For the same reason a hold ends by itself: a request that
 * the platform has ended never calls `leave`.
 */
export function fairGate(options: GateOptions, { now, startTimer }: Pick<Ports, 'now' | 'startTimer'>): Gate {
  const { capacity, share, queue, milliseconds, holdMilliseconds, refuse } = options
  const lanes = lanesByKey()
  // The lanes that wait for the capacity alone, in the order of their turns.
  const ready = new Set<Lane>()
  // In the order in which they were taken.
  const holds = new Set<Hold>()
  let used = 0
  let waiting = 0

  const exceedsShare = (lane: Lane, weight: number): boolean => lane.used + weight > share
  // A share as large as the capacity is not a limit of its own: its lane waits for the capacity, and none overtakes it.
  const isWithinShare = (lane: Lane, weight: number): boolean => share >= capacity || !exceedsShare(lane, weight)

  const hasRoom = (lane: Lane, weight: number): boolean =>
    ready.size === 0 && lane.waiters.size === 0 && used + weight <= capacity && isWithinShare(lane, weight)

  function take(lane: Lane, hold: Hold): void {
    used += hold.weight
    lane.used += hold.weight
    hold.since = now()
    holds.add(hold)
  }

  function giveBack(hold: Hold, weight: number): void {
    if (!holds.has(hold)) return
    const lane = lanes.of(hold.key)
    used -= weight
    lane.used -= weight
    hold.weight -= weight
    if (hold.weight <= 0) holds.delete(hold)
    place(lane)
  }

  /** Takes back units that were held too long. Called only when there is no room. */
  function endOldHolds(): void {
    for (const hold of holds) {
      if (now() - hold.since < holdMilliseconds) break
      giveBack(hold, hold.weight)
    }
    authenticateCaller()
  }

  /** Moves a lane to its correct list; one that stays keeps its turn. */
  function place(lane: Lane): void {
    const [first] = lane.waiters
    if (first !== undefined && isWithinShare(lane, first.hold.weight)) ready.add(lane)
    else ready.delete(lane)
  }

  function authenticateCaller(): void {
    for (const lane of ready) {
      // A busy process reaches this code before its timers.
      refuseLate(lane)
      const [first] = lane.waiters
      if (first === undefined || !isWithinShare(lane, first.hold.weight)) continue
      // A heavy entrant is not overtaken, or it would wait as long as light ones come.
      if (used + first.hold.weight > capacity) return
      ready.delete(lane)
      take(lane, first.hold)
      remove(first)
      place(lane)
      first.settle(undefined)
    }
  }

  function remove(waiter: Waiter): void {
    if (waiter.lane.waiters.delete(waiter)) waiting--
  }

  function turnAway(waiter: Waiter, reason: RefusalReason): void {
    remove(waiter)
    place(waiter.lane)
    waiter.settle(refuse(reason, reason !== 'gone' && exceedsShare(waiter.lane, waiter.hold.weight)))
  }

  /** Makes room in a full queue at the cost of the longest lane, if the newcomer's is shorter. */
  function makeRoom(lane: Lane): boolean {
    const longest = lanes.longest()
    if (longest.waiters.size <= lane.waiters.size + 1) return false
    const newest = [...longest.waiters].at(-1)
    if (newest !== undefined) turnAway(newest, 'full')
    return true
  }

  function refuseLate(lane: Lane): void {
    for (const waiter of lane.waiters) {
      if (now() - waiter.since < milliseconds) return
      turnAway(waiter, 'late')
    }
  }

  async function wait(lane: Lane, hold: Hold, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw refuse('gone', false)
    if (waiting >= queue && !makeRoom(lane)) throw refuse('full', exceedsShare(lane, hold.weight))
    await new Promise<void>((resolve, reject) => {
      const leaveFor = (reason: RefusalReason) => (): void => {
        turnAway(waiter, reason)
        authenticateCaller()
      }
      const gone = leaveFor('gone')
      const waiter: Waiter = {
        lane,
        hold,
        since: now(),
        settle(refusal) {
          stopTimer()
          signal?.removeEventListener('abort', gone)
          if (refusal === undefined) resolve()
          else reject(refusal)
        },
      }
      const stopTimer = startTimer(milliseconds, leaveFor('late'))
      signal?.addEventListener('abort', gone)
      lane.waiters.add(waiter)
      waiting++
      place(lane)
    })
  }

  return {
    enter(hold, client) {
      const lane = lanes.of(hold.key)
      if (!hasRoom(lane, hold.weight)) {
        endOldHolds()
        if (!hasRoom(lane, hold.weight)) return wait(lane, hold, client.signal)
      }
      take(lane, hold)
      return undefined
    },
    leave(hold, weight = hold.weight) {
      giveBack(hold, weight)
      authenticateCaller()
      lanes.tidy()
    },
  }
}
