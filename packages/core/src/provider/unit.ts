/** The unit of work of a write, as the code of a host sees it: statements that commit with the write, or not at all. */

/** A value of a parameter or of a result column. */
export type UnitValue = string | number | null

/** One row by column name. */
export type UnitRow = Readonly<Record<string, UnitValue>>

/** One statement of the host, with the placeholders of its database: `?`, on PostgreSQL `$1`. */
export interface UnitStatement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/**
 * A statement as text with values between its parts, as the tag `sql` of `@scimkit/sql-provider/unit` returns it: it
 * runs on every database.
 */
export interface UnitTemplate {
  readonly texts: readonly string[]
  readonly values: readonly UnitValue[]
}

/** The open unit of one write. It ends with the call of the host's function. */
export interface Unit {
  /**
   * Runs one statement in the unit: it commits with the write or not at all. Result: on PostgreSQL and Kysely a promise
   * of the rows; on SQLite the rows; on D1 nothing, because the statement joins the batch that is sent afterwards; in
   * memory the result of the function, which is called at once. A statement that fails ends the unit, also if the error
   * is caught. Throws the errors of the database, a TypeError for a kind of work that the store does not run, and an
   * Error after the end of the unit.
   */
  run(work: UnitStatement | UnitTemplate): unknown
  run<Result>(work: () => Result): Result
}

/**
 * Code that runs in the atomic step of a write: after the write's own changes and before the commit, once for each
 * attempt. If it throws, nothing is written, and the error is thrown to the caller unchanged.
 */
export type InTransaction = (unit: Unit) => unknown
