/**
 * The part of a D1 binding that this package uses. The type of Workers fits; so does any object with the same interface, such
 * as a test double.
 * @see https://developers.cloudflare.com/d1/worker-api/
 */
import type { Row, SqlValue } from '../driver.js'

/** The result of one statement. */
export interface D1Answer {
  readonly success: boolean
  readonly results: readonly unknown[]
  readonly error?: string
}

/** A statement, and its parameters once they are bound. */
export interface D1Statement {
  bind(...parameters: SqlValue[]): D1Statement
  all(): Promise<D1Answer>
}

/** An object that runs statements: a database, or a session of one. */
export interface D1Session {
  prepare(sql: string): D1Statement
  /** Runs all statements in order as one transaction. */
  batch(statements: D1Statement[]): Promise<readonly D1Answer[]>
}

/** A D1 database: `env.DB`. */
export interface D1Database extends D1Session {
  /**
   * A session whose first query any replica may answer, and whose later queries see at least that state.
   * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
   */
  withSession?(constraint: 'first-unconstrained'): D1Session
}

/** The rows of a result: objects of plain values. Throws an Error with the text of D1 if the statement failed. */
export function rowsOf({ success, results, error }: D1Answer): readonly Row[] {
  if (!success) throw new Error(`D1_ERROR: ${error ?? 'no answer'}`)
  return results as readonly Row[]
}
