import { describeOperation } from '../history/describe.js'
import type { HistoryOperation } from '../history/operation.js'
import type { Claim } from './register.js'

/** An operation from the perspective of one register. */
export interface Step {
  /** The operation had no effect before this moment. */
  readonly invoked: number
  /** The operation took effect no later than this moment; Infinity if it may take effect later, or never. */
  readonly returned: number
  readonly claim: Claim
  readonly operation: HistoryOperation
}

/** True if the outcome of the operation is unknown: it may have had no effect at all. */
export function isOpen({ returned }: Step): boolean {
  return returned === Number.POSITIVE_INFINITY
}

/** A step with a known outcome. */
export function closedStep(operation: HistoryOperation, claim: Claim): Step {
  return { invoked: operation.invoked, returned: operation.returned, claim, operation }
}

/** A step that may take effect at any time from its invocation on, or never. */
export function openStep(operation: HistoryOperation, claim: Claim): Step {
  return { invoked: operation.invoked, returned: Number.POSITIVE_INFINITY, claim, operation }
}

/** The operation of a step as text: see {@link describeOperation}. */
export function describeStep({ operation }: Step, origin: number): string {
  return describeOperation(operation, origin)
}
