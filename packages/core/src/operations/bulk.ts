/**
 * Carries out many writes, one after the other, each as if it had been sent alone: success or failure of one does not
 * change the others. The order is that of the request, except that a POST which others refer to runs before the first
 * of them.
 * @see RFC 7644 §3.7
 */
import { runCircle } from '../bulk/circle.js'
import { stepsOf } from '../bulk/order.js'
import { checkOperationCount, planOf } from '../bulk/plan.js'
import { type BulkRun, brokenReference, type CarryOut, resolved, startRun } from '../bulk/run.js'
import type { Call } from '../engine/call.js'
import { scimError } from '../errors.js'
import type { BulkOperation } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import type { Permitted } from '../permissions/permit.js'

/** How each of them ended. Throws only errors of the request as a whole, and then nothing was done. */
export async function bulk(
  call: Call,
  operation: Permitted<BulkOperation>,
  carryOut: CarryOut,
): Promise<OutcomeByKind['bulk']> {
  // A client that sends a tag never expects a write without the condition.
  if (Array.isArray(operation.precondition?.match)) {
    throw scimError.preconditionFailed('If-Match is not allowed on a bulk request; set version in each operation.')
  }
  const { entries, failOnErrors } =
    typeof operation.request === 'function' ? await operation.request() : operation.request
  checkOperationCount(entries.length, call.engine.limits)
  // The request itself has been counted as one.
  if (call.spend !== undefined && entries.length > 1) await call.spend(entries.length - 1)
  const plan = planOf(entries)
  const run = startRun(call, plan, carryOut)
  for (const { operations, isCircle } of stepsOf(plan.comesAfter)) {
    if (run.failed >= (failOnErrors ?? Number.POSITIVE_INFINITY) || call.context.signal?.aborted) break
    // A circle that has begun is completed: half of one is of no use to the client.
    if (isCircle) await runCircle(run, operations)
    else for (const place of operations) await runOne(run, place)
  }
  return { kind: 'bulk', value: { results: run.results.filter((result) => result !== undefined), failed: run.failed } }
}

async function runOne(run: BulkRun, place: number): Promise<void> {
  const planned = run.plan.operations[place]
  if (planned === undefined) return
  if ('refusal' in planned) {
    run.finish(place, { kind: 'error', error: planned.refusal })
    return
  }
  const outcome = brokenReference(run, planned.refersTo) ?? (await run.attempt(resolved(planned.operation, run.idOf)))
  run.finish(place, outcome)
}
