import type { Engine } from '../engine/engine.js'
import { scimError } from '../errors.js'

const shortest = 5
const longest = 250

/**
 * The pauses between attempts of one unconditional write: exponential with full jitter, 5 to 250 ms. Throws 503 with
 * `Retry-After` when the attempts or the time in `limits` are used up.
 */
export function backOff(engine: Engine): () => Promise<void> {
  const { limits, ports } = engine
  const deadline = ports.now() + limits.writeMilliseconds
  let failures = 0
  return async () => {
    failures++
    if (failures >= limits.writeAttempts || ports.now() >= deadline) {
      throw scimError.unavailable(
        `Compare-and-swap lost to concurrent writers ${failures} times; nothing was changed. Send the request again.`,
      )
    }
    const ceiling = Math.min(longest, shortest * 2 ** failures)
    await ports.sleep(shortest + ports.random() * (ceiling - shortest))
  }
}
