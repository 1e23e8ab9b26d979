/**
 * What is known about what the store failed to answer.
 * - `nothingWritten`: nothing was written; the same request may succeed later.
 * - `refused`: nothing was written, and the store never takes these values.
 * - `full`: nothing was written; the database or its disk has no space left until its operator makes room.
 * - `rejected`: nothing was written; the store rejects the statement itself, because a table or a permission is missing, for
 *   example. Only its operator can change that.
 * - `unknown`: a write may have been committed or not.
 */
export type FailureOutcome = 'nothingWritten' | 'refused' | 'full' | 'rejected' | 'unknown'

/**
 * The store failed: busy for too long, full, unreachable, too slow. Never an answer about a resource. `outcome` says
 * whether a write may have been committed all the same, as when the connection is lost while COMMIT is under way.
 */
export class StoreFailure extends Error {
  readonly outcome: FailureOutcome
  /** Of `refused`, where it is known: a sentence for the client that names the limit, and no value. */
  readonly limit: string | undefined

  constructor(message: string, outcome: FailureOutcome, cause?: unknown, limit?: string) {
    super(message, { cause })
    this.name = 'StoreFailure'
    this.outcome = outcome
    this.limit = limit
  }
}
