/**
 * A bulk request in progress: the resources created so far, and how each operation ended.
 * @see RFC 7644 §3.7.3
 */
import type { Call } from '../engine/call.js'
import { asScimError, isFailure, ScimError } from '../errors.js'
import type { BulkWrite, Operation } from '../operation-types/operation.js'
import type { BulkErrorOutcome, BulkResult, BulkResultOutcome, OutcomeByKind } from '../operation-types/outcome.js'
import { eventLoopYield } from '../pacing/event-loop-yield.js'
import { type Permitted, permit } from '../permissions/permit.js'
import { locationOf } from '../presenting/derived-parts.js'
import type { ResourceRef } from '../resource/ref.js'
import { withBudget } from './budget.js'
import type { BulkPlan, Planned } from './plan.js'
import { aheadOf } from './read-ahead.js'
import { nameOf } from './reference-name.js'
import { type IdOf, referenceIn, resolveReferences } from './references.js'

/**
 * Carries out one permitted operation. It is a parameter: the same function carries out every operation, a bulk request
 * too.
 */
export type CarryOut = <Kind extends Operation['kind']>(
  call: Call,
  operation: Permitted<Extract<Operation, { readonly kind: Kind }>>,
) => Promise<OutcomeByKind[Kind]>

/** The state of a bulk request. */
export interface BulkRun {
  readonly call: Call
  readonly plan: BulkPlan
  /** The id of the resource that the POST of a bulkId created; undefined before it ran, and if it failed. */
  readonly idOf: IdOf
  /** By place in the request. */
  readonly results: readonly (BulkResult | undefined)[]
  readonly failed: number
  /** Carries out a write, if the caller may. An error that it throws ends that operation, not the request. */
  attempt(operation: BulkWrite['operation']): Promise<BulkResultOutcome>
  /** The same for a write that has been permitted. */
  attemptPermitted(operation: Permitted<BulkWrite['operation']>): Promise<BulkResultOutcome>
  /** Notes how the operation at a place has ended. */
  finish(place: number, outcome: BulkResultOutcome): void
}

/** A run at its start. */
export function startRun(call: Call, plan: BulkPlan, carryOut: CarryOut): BulkRun {
  const ahead = aheadOf(call, refsIn(plan))
  /** The call of each operation: they share the budget, and the resources that were read ahead. */
  const entryCall: Call = { ...call, engine: { ...withBudget(call.engine), takeAhead: ahead.take } }
  const breathe = eventLoopYield(call.engine.ports)
  const made = new Map<string, string>()
  const results: (BulkResult | undefined)[] = []
  const ending = async (write: () => Promise<BulkResultOutcome>): Promise<BulkResultOutcome> => {
    await breathe()
    try {
      return await write()
    } catch (error) {
      return failure(run, error)
    }
  }
  const carry = async (operation: Permitted<BulkWrite['operation']>): Promise<BulkResultOutcome> => {
    entryCall.engine.sharedWork?.(0)
    if ('ref' in operation) await ahead.prepare(operation.ref)
    return carryOut(entryCall, withoutBody(operation))
  }
  const run = {
    call,
    plan,
    results,
    failed: 0,
    idOf: (bulkId: string) => made.get(bulkId),
    attempt: (operation: BulkWrite['operation']) =>
      ending(async () => carry(await permit(entryCall, operation, 'bulk'))),
    attemptPermitted: (operation: Permitted<BulkWrite['operation']>) => ending(() => carry(operation)),
    finish(place: number, outcome: BulkResultOutcome): void {
      const operation = plan.operations[place]
      if (operation === undefined) return
      const { method, bulkId } = operation
      if (outcome.kind === 'created' && bulkId !== undefined) made.set(bulkId, outcome.value.ref.id)
      if (!isSuccess(outcome)) run.failed += 1
      results[place] = { method, bulkId, location: locationIn(run, operation, outcome), outcome }
    },
  }
  return run
}

// In the order of the request, which is nearly that of the operations. Ids that are not known yet are not among them.
function refsIn({ operations }: BulkPlan): readonly ResourceRef[] {
  return operations.flatMap((operation) => {
    if ('refusal' in operation || !('ref' in operation.operation)) return []
    const { ref } = operation.operation
    return referenceIn(ref.id) === undefined ? [ref] : []
  })
}

/** A write with ids in place of its references, as far as they are known. */
export function resolved<Write extends BulkWrite['operation']>(operation: Write, idOf: IdOf): Write {
  return {
    ...operation,
    ...('ref' in operation && { ref: resolvedRef(operation.ref, idOf) ?? operation.ref }),
    ...(operation.kind !== 'remove' && { body: resolveReferences(operation.body, idOf) }),
  }
}

/** True if the operation was done as requested. */
export function isSuccess({ kind }: BulkResultOutcome): boolean {
  return kind === 'created' || kind === 'success' || kind === 'removed'
}

/** An operation that an error has ended; errors that are not the client's fault are reported to the host. */
export function failure({ call: { engine, context } }: Pick<BulkRun, 'call'>, thrown: unknown): BulkErrorOutcome {
  const error = asScimError(thrown)
  if (isFailure(error)) engine.onError(error.cause ?? thrown, context)
  return { kind: 'error', error }
}

/**
 * The reason why an operation with these references cannot be carried out: a POST that it refers to has created
 * nothing.
 */
export function brokenReference(
  { idOf }: Pick<BulkRun, 'idOf'>,
  refersTo: Iterable<string>,
): BulkErrorOutcome | undefined {
  for (const bulkId of refersTo) {
    if (idOf(bulkId) !== undefined) continue
    const detail = `The operation refers to ${nameOf(bulkId)}, whose POST has failed; nothing was done.`
    return { kind: 'error', error: new ScimError(409, detail) }
  }
  return undefined
}

function resolvedRef(ref: ResourceRef, idOf: IdOf): ResourceRef | undefined {
  const bulkId = referenceIn(ref.id)
  const id = bulkId === undefined ? ref.id : idOf(bulkId)
  return id === undefined ? undefined : { type: ref.type, id }
}

// The response has status and version of each operation; it contains no body, so nothing is read for one.
function withoutBody(operation: Permitted<BulkWrite['operation']>): Permitted<BulkWrite['operation']> {
  return operation.kind === 'remove' ? operation : { ...operation, prefer: 'minimal' }
}

// RFC 7644 §3.7.3: of all operations, except a POST that created nothing.
function locationIn(
  run: Pick<BulkRun, 'call' | 'idOf'>,
  operation: Planned,
  outcome: BulkResultOutcome,
): string | undefined {
  if (outcome.kind === 'created' || outcome.kind === 'success') return outcome.value.location
  if (outcome.kind === 'error' && outcome.created !== undefined) return outcome.created.location
  const given =
    'refusal' in operation ? operation.ref : 'ref' in operation.operation ? operation.operation.ref : undefined
  const ref = given && resolvedRef(given, run.idOf)
  return ref && locationOf(run.call, ref)
}
