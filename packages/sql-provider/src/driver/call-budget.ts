/** The calls that one request may make to a database whose platform limits them, as Cloudflare does for D1. */
import { StoreFailure } from './store-failure.js'

/** The calls of one request. A caller counts each call before it makes the call. */
export interface CallBudget {
  /** How many the request may make in all. */
  readonly most: number
  /** How many it has made. */
  readonly used: number
  /** Counts a call that reads. Throws {@link CallsUsedUp} if the only call left is the one kept for a write. */
  read(): void
  /** Counts a call that writes. Throws {@link CallsUsedUp} if there is none left. */
  write(): void
}

/** The request has used all its calls. The call was not made, and the outcome of every write of the request is known. */
export class CallsUsedUp extends StoreFailure {
  constructor(most: number) {
    super(`the request has made ${most} database calls, the limit of callsPerRequest`, 'nothingWritten')
    this.name = 'CallsUsedUp'
  }
}

// An update needs two, and a request that finds an empty database has to create the tables.
const fewest = 40

/** The option `callsPerRequest`, checked. Throws a TypeError for anything but a whole number of at least 40. */
export function callsPerRequestFrom(value: number): number {
  if (Number.isSafeInteger(value) && value >= fewest) return value
  throw new TypeError(`callsPerRequest: expected a whole number of at least ${fewest}, got ${String(value)}`)
}

/** A budget of so many calls. */
export function callBudget(most: number): CallBudget {
  let used = 0
  const take = (allowed: number): void => {
    if (used >= allowed) throw new CallsUsedUp(most)
    used += 1
  }
  return {
    most,
    get used() {
      return used
    },
    // One call is reserved, so that a write can be sent after its reads.
    read: () => take(most - 1),
    write: () => take(most),
  }
}
