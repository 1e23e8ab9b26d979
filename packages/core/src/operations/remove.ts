/** Removes a resource. @see RFC 7644 §3.6 */
import type { Call } from '../engine/call.js'
import { findType } from '../engine/find-type.js'
import type { RemoveOperation } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import type { Permitted } from '../permissions/permit.js'
import { unconditional } from '../versioning/precondition.js'
import { callAfterHook, handOverSecret, reportWrite } from '../writing/after-write.js'
import { commitRemoval } from '../writing/commit-removal.js'
import { afterCascade } from '../writing/hooks/host-hooks.js'
import { serializeWriters } from '../writing/serialize-writers.js'

/** The removal, or why it was not done. */
export async function remove(call: Call, operation: Permitted<RemoveOperation>): Promise<OutcomeByKind['remove']> {
  const { ref, precondition = unconditional } = operation
  const target = { type: findType(call.engine, ref.type), ref, precondition, derived: false }
  const result = await serializeWriters(call, ref, precondition, () => commitRemoval(call, target))
  if (result.kind !== 'removed') return result
  const { before, affected, attempts } = result
  const nothingLeftOut = { ignored: [], skippedMembers: 0 }
  reportWrite(call, { operation: 'remove', ref, before: before.version, after: undefined, attempts, ...nothingLeftOut })
  callAfterHook(call, result.callAfter)
  for (const { ref: group, version } of affected) {
    const moved = { ref: group, before: undefined, after: version, removed: ref }
    reportWrite(call, { operation: 'cascade', ...moved, attempts, ...nothingLeftOut })
    callAfterHook(call, afterCascade(call, group, ref))
  }
  if (target.type.attributes.has('password')) {
    // The version that a next write would have had: newer than that of any write it could be confused with.
    await handOverSecret(call, ref, { value: undefined }, result.after)
  }
  return { kind: 'removed' }
}
