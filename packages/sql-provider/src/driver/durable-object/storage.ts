/**
 * The part of a Durable Object's storage that this package uses. The type of Workers fits.
 * @see https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
 */
import type { SqlValue } from '../driver.js'

/** The rows of a statement. */
export interface DurableObjectCursor {
  toArray(): readonly unknown[]
}

/** The storage of an object whose class keeps it in SQLite: `ctx.storage`. */
export interface DurableObjectStorage {
  readonly sql: { exec(query: string, ...bindings: SqlValue[]): DurableObjectCursor }
  /** Runs `closure` as one transaction, which is rolled back if it throws. */
  transactionSync<Result>(closure: () => Result): Result
}
