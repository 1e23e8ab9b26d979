/**
 * Removes existing resources, under the same rules as `commit` changes them.
 * @see RFC 9110 §13.2; RFC 7644 §3.6, §3.14
 */
import type { Call } from '../engine/call.js'
import { timeNow } from '../engine/engine.js'
import { scimError } from '../errors.js'
import { mismatch } from '../presenting/mismatch.js'
import { documentOf } from '../provider/member-rows.js'
import { evaluatePrecondition } from '../versioning/precondition.js'
import { nextVersion, versionNonce } from '../versioning/version.js'
import { backOff } from './back-off.js'
import { readChecked } from './commit.js'
import type { Refused, Removed, Target } from './commit-result.js'
import { afterHook, callBefore, type Described, hooksOf, writeWithHook } from './hooks/host-hooks.js'
import { readAhead } from './swap-ahead.js'

/**
 * Removes one resource under the same rules: read, check, compare-and-swap, and a retry if a concurrent writer
 * committed first and no tag forbids it.
 */
export async function commitRemoval(call: Call, target: Target): Promise<Removed | Refused> {
  const waitForTurn = backOff(call.engine)
  const { type, ref } = target
  const hooks = hooksOf(call, type)
  let ahead = await readAhead(call, target)
  for (let attempts = 1; ; attempts++) {
    const read = ahead ?? (await readChecked(call, target, 'none'))
    if (read.kind !== 'read') return read
    const { version } = read.stored
    const describe = (): Described => ({
      kind: 'remove',
      type,
      ref,
      before: documentOf(read.stored),
      next: undefined,
      members: undefined,
      changed: [],
    })
    if (hooks !== undefined) await callBefore(call, hooks, describe())
    const nonce = versionNonce(call.engine.ports.randomBytes)
    const removal = { at: timeNow(call.engine), nonce }
    const { provider } = call.engine
    const result = await writeWithHook(call, hooks, describe, removal, (write) =>
      provider.remove(ref, version, write, call.context),
    )
    switch (result.kind) {
      case 'success':
        return {
          kind: 'removed',
          before: read.stored,
          after: nextVersion(version, nonce),
          affected: result.value.affected,
          attempts,
          callAfter: hooks && afterHook(call, hooks, describe()),
        }
      case 'notFound':
        return { kind: 'notFound' }
      case 'duplicate':
      case 'unknownMembers':
      case 'overQuota':
      case 'alreadyCreated':
        throw scimError.unavailable('The store returned a result for a removal that is valid for other writes only.')
      case 'versionMismatch':
        if (evaluatePrecondition(target.precondition, result.current) !== 'holds') {
          return mismatch(call, target, result.current)
        }
        if (ahead === undefined) await waitForTurn()
        ahead = undefined
    }
  }
}
