import type { Call } from '../engine/call.js'
import { type Hold, holdOf } from '../in-flight/lanes.js'
import type { Secret } from './secret.js'

// In a bulk request a password counts as this many processed characters: hashing one takes some tenths of a second.
const passwordWeight = 10_000_000

/** The turn of one write to pass a password to the host. */
export interface PasswordPlace {
  /**
   * Takes the turn, once, if this is a password for the host. Undefined: no wait is needed. Call it before the write,
   * so that a committed write is never refused its password afterwards. Rejects with 503; throws 400 tooMany if the
   * budget of a bulk request is used up.
   */
  take(secret: Secret | undefined): Promise<void> | undefined
}

/** Runs a write that may take a turn, and returns the turn when the write and its hook call have ended. */
export async function withPasswordPlace<Value>(
  call: Call,
  write: (place: PasswordPlace) => Promise<Value>,
): Promise<Value> {
  const { secrets, sharedWork, gates } = call.engine
  let taken: Hold | undefined
  const place: PasswordPlace = {
    take(secret) {
      // The removal of a password costs nothing.
      if (taken !== undefined || secrets === undefined || secret?.value === undefined) return undefined
      sharedWork?.(passwordWeight)
      const hold = holdOf(call.context.tenant, 1)
      const turn = gates.passwords.enter(hold, call.context)
      if (turn !== undefined) {
        return turn.then(() => {
          taken = hold
        })
      }
      taken = hold
      return undefined
    },
  }
  try {
    return await write(place)
  } finally {
    if (taken !== undefined) gates.passwords.leave(taken)
  }
}
