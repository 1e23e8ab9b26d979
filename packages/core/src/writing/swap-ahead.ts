/**
 * The first attempt of a write on a state that was read ahead. It may be out of date, so it ends no write by itself:
 * only a compare-and-swap that succeeds does, else a fresh read decides.
 * @see docs/adr/0054-calls-of-one-request.md
 */
import type { Call } from '../engine/call.js'
import type { Engine } from '../engine/engine.js'
import { demandsIfMatch } from '../engine/if-match-policy.js'
import type { Stored } from '../provider/provider.js'
import { evaluatePrecondition } from '../versioning/precondition.js'
import { type CommitResult, isUnchanged, type Read, type Swap, type Target } from './commit-result.js'

/**
 * The resource as it was read ahead, if the precondition holds for that state. If it does not, a fresh read decides:
 * undefined.
 */
export async function readAhead(
  call: Call,
  target: Target,
): Promise<Extract<Read, { kind: 'read' | 'notFound' }> | undefined> {
  if (target.derived !== false || call.engine.takeAhead?.(target.ref) !== true) return undefined
  const stored = await call.engine.provider.read(
    target.ref,
    { members: 'none', derived: false, stale: true },
    call.context,
  )
  if (stored === undefined) return { kind: 'notFound' }
  return isRefused(call.engine, target, stored) ? undefined : { kind: 'read', stored }
}

function isRefused(engine: Engine, { precondition, type }: Target, { version }: Stored): boolean {
  if (precondition.match === undefined && demandsIfMatch(engine.requireIfMatch, type.name)) return true
  return evaluatePrecondition(precondition, version) !== 'holds'
}

/**
 * One `attempt`, a compare-and-swap on a state that may be out of date. Undefined where it has written nothing and a
 * fresh read has to decide: the version has moved, nothing would change, or the change cannot be applied to that state.
 * Throws the errors of a compare-and-swap that was sent.
 */
export async function swapAhead(
  call: Call,
  attempt: (observed: Call) => Promise<Swap>,
): Promise<CommitResult | undefined> {
  let isSent = false
  const provider: Engine['provider'] = {
    ...call.engine.provider,
    replace: (...write) => {
      isSent = true
      return call.engine.provider.replace(...write)
    },
  }
  try {
    const result = await attempt({ ...call, engine: { ...call.engine, provider } })
    return result.kind === 'lost' || isUnchanged(result) ? undefined : result
  } catch (error) {
    if (isSent) throw error
    return undefined
  }
}
