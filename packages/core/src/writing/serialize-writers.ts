import type { Call } from '../engine/call.js'
import { queueKey } from '../engine/engine.js'
import { scimError } from '../errors.js'
import type { ResourceRef } from '../resource/ref.js'
import { isUnconditional, type Precondition } from '../versioning/precondition.js'

/**
 * Runs a write: at once if it expects a version, else in its turn among the unconditional writers of the resource.
 * `waited` is true if another writer wrote before it. Throws 503 when its turn came too late, or when the client has
 * disconnected meanwhile: nothing was changed then.
 */
export async function serializeWriters<Value>(
  call: Call,
  ref: ResourceRef,
  precondition: Precondition,
  write: (waited: boolean) => Promise<Value>,
): Promise<Value> {
  if (!isUnconditional(precondition)) return write(false)
  const { ports, limits } = call.engine
  const came = ports.now()
  return call.engine.queue(queueKey(call.context.tenant, ref.type, ref.id), async (waited) => {
    if (waited && (call.context.signal?.aborted || ports.now() - came > limits.queueMilliseconds)) {
      throw scimError.unavailable('Concurrent writers of this resource took too long; nothing was changed.')
    }
    return write(waited)
  })
}
