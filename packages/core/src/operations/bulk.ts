/**
 * Carries out many writes, one after the other, each as if it had come alone: what one of them does or fails to do
 * changes nothing about the others. The order is that of the request, except that a POST which others refer to comes
 * before the first of them.
 * @see RFC 7644 §3.7
 */
import { stepsOf } from '../bulk/order.js'
import type { ScimContext } from '../context.js'
import { scimError } from '../errors.js'
import { runCircle } from './bulk-circle.js'
import { checkOperationCount, planOf } from './bulk-plan.js'
import { type BulkRun, brokenReference, type CarryOut, resolved, startRun } from './bulk-run.js'
import type { Engine } from './engine.js'
import type { BulkOperation, OutcomeByKind } from './operation.js'
import type { Permitted } from './permit.js'

/** How each of them ended. Throws only what is wrong with the request as a whole, and then nothing was done. */
export async function bulk(
  engine: Engine,
  context: ScimContext,
  operation: Permitted<BulkOperation>,
  carryOut: CarryOut,
): Promise<OutcomeByKind['bulk']> {
  // Silently unconditional is what nobody who sends a tag expects.
  if (Array.isArray(operation.precondition?.match)) {
    throw scimError.preconditionFailed('If-Match cannot hold for a bulk request; give its operations a version each.')
  }
  const { entries, failOnErrors } =
    typeof operation.request === 'function' ? await operation.request() : operation.request
  checkOperationCount(entries.length, engine.limits)
  const plan = planOf(entries)
  const run = startRun(engine, context, plan, carryOut)
  for (const { operations, isCircle } of stepsOf(plan.comesAfter)) {
    if (run.failed >= (failOnErrors ?? Number.POSITIVE_INFINITY) || context.signal?.aborted) break
    // A circle that has begun is brought to its end: half of one helps nobody.
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
