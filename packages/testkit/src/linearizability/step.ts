import type { HistoryOperation } from './operation.js'
import type { Claim } from './register.js'

/** An operation as one register sees it. */
export interface Step {
  /** Before this moment it had no effect. */
  readonly invoked: number
  /** After this moment it has had its effect; Infinity if it may still come, or never. */
  readonly returned: number
  readonly claim: Claim
  readonly operation: HistoryOperation
}

/** True if the operation may have had no effect at all, and nobody will ever be told. */
export function isOpen({ returned }: Step): boolean {
  return returned === Number.POSITIVE_INFINITY
}

/** A step whose end is known. */
export function closedStep(operation: HistoryOperation, claim: Claim): Step {
  return { invoked: operation.invoked, returned: operation.returned, claim, operation }
}

/** A step that may take effect at any time from its invocation on, or never. */
export function openStep(operation: HistoryOperation, claim: Claim): Step {
  return { invoked: operation.invoked, returned: Number.POSITIVE_INFINITY, claim, operation }
}
