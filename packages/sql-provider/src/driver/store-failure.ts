/**
 * What is known about what the store failed to answer. `refused`: nothing was written, and the store will never take
 * these values, so it is of no use to ask again.
 */
export type FailureOutcome = 'nothingWritten' | 'refused' | 'unknown'

/**
 * The store failed: busy for too long, full, unreachable, too slow. Never an answer about a resource. `outcome` says
 * whether a write may have been committed all the same, as when the connection is lost while COMMIT is under way.
 */
export class StoreFailure extends Error {
  readonly outcome: FailureOutcome

  constructor(message: string, outcome: FailureOutcome, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreFailure'
    this.outcome = outcome
  }
}
