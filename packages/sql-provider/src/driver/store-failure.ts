/**
 * The outcome of a unit of work that failed in the store.
 * - `nothingWritten`: nothing was written; the same request may succeed later.
 * - `refused`: nothing was written, and the store never accepts these values.
 * - `full`: nothing was written; the database or its disk has no space left until its operator makes room.
 * - `rejected`: nothing was written; the store rejects the statement itself, for example because a table or a permission is
 *   missing. Only its operator can change that.
 * - `unknown`: a write may have been committed or not.
 */
export type FailureOutcome = 'nothingWritten' | 'refused' | 'full' | 'rejected' | 'unknown'

/**
 * The store failed: busy for too long, full, unreachable, too slow. It says nothing about a resource. `outcome` says whether a
 * write may have been committed nevertheless, as when the connection is lost during COMMIT.
 */
export class StoreFailure extends Error {
  readonly outcome: FailureOutcome
  /** With `refused`, if known: an error text for the client that names the limit, without any value. */
  readonly limit: string | undefined

  constructor(message: string, outcome: FailureOutcome, cause?: unknown, limit?: string) {
    super(message, { cause })
    this.name = 'StoreFailure'
    this.outcome = outcome
    this.limit = limit
  }
}
