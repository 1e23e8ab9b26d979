/** What is known about a write that the store failed to answer. */
export type FailureOutcome = 'nothingWritten' | 'unknown'

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
