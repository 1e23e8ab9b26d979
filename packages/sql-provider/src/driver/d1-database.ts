/**
 * As much of a D1 binding as is used here. Workers' own type fits; so does whatever else speaks like it, a test's too.
 * @see https://developers.cloudflare.com/d1/worker-api/
 */
import type { Row, SqlValue } from './driver.js'

/** What one statement came back with. */
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

/** What statements are run on: a database, or a session of one. */
export interface D1Session {
  prepare(sql: string): D1Statement
  /** Runs all statements in order as one transaction. */
  batch(statements: D1Statement[]): Promise<readonly D1Answer[]>
}

/** A D1 database: `env.DB`. */
export interface D1Database extends D1Session {
  /**
   * A session whose first query any replica may answer, and whose later ones see at least that state.
   * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
   */
  withSession?(constraint: 'first-unconstrained'): D1Session
}

/** The rows of an answer: objects of plain values. Throws an Error with D1's text if the answer is none. */
export function rowsOf({ success, results, error }: D1Answer): readonly Row[] {
  if (!success) throw new Error(`D1_ERROR: ${error ?? 'no answer'}`)
  return results as readonly Row[]
}
