/**
 * The interface between the provider and a database: statements that read one state of it, and statements that commit together
 * or not at all. Drivers know nothing of SCIM; the provider knows nothing of connections.
 */
import type { InTransaction, MaybePromise } from '@scimkit/core/provider'
import type { DialectName } from '../dialect/dialect.js'
import type { CallBudget } from './call-budget.js'
import type { Turns } from './turns.js'

/** A value of a parameter or of a result column. No booleans and no buffers: they abort some native drivers. */
export type SqlValue = string | number | null

/** One statement with its parameters, in order. The placeholder is `?` or `$1`, depending on the dialect. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
  /** True for texts that are used repeatedly: a remote server keeps them prepared under a name. */
  readonly lasting: boolean
}

/** One statement of a write. */
export interface Step extends Statement {
  /** The unit is rolled back and ends as `missed` if this statement changes no row. */
  readonly mustChange: boolean
  /** Gets the rows of a statement with RETURNING, once for each attempt of the unit; those of the last one are committed. */
  readonly returned?: (rows: readonly Row[]) => void
}

/** One row by column name. */
export type Row = Readonly<Record<string, SqlValue>>

/**
 * How a unit of writing ended. `missed`: a step that must change a row did not, or a statement put a 0 into
 * `scim_guard`; `taken`: a unique index refused a value. In both cases nothing was changed.
 */
export type WriteEnd = 'written' | 'missed' | 'taken'

/** The share of a database that lists may take. */
export interface ListWork {
  /** Every statement of a list that reads many rows runs in such a turn, so that the database is free for other requests. */
  readonly turns: Turns
  /** Target duration of one such statement, in milliseconds: its number of rows is computed from the duration of the last one. */
  readonly milliseconds: number
  /** Comparisons (rows × terms) of the first one, before any duration is known. */
  readonly comparisons: number
}

/** A database. A function throws only a {@link StoreFailure}, when the store fails, unless it says otherwise. */
export interface Driver {
  readonly dialect: DialectName
  /** Most parameters that one statement may bind. */
  readonly maxParameters: number
  /**
   * True where a promise of one request may never settle for another request: Workers stop a request in the middle when its
   * client has disconnected. Then requests share only values.
   */
  readonly isolatesRequests?: boolean
  /** True where each call is a network round trip, so that one call for many rows is cheaper. */
  readonly isRemote?: boolean
  /**
   * A read-only driver for one read of a request, which may return a state before the last writes. Absent if there are no
   * replicas.
   */
  readonly replica?: () => Driver
  /** How statements of lists, whose cost depends on the request, share the database with other requests. */
  readonly lists: ListWork
  /** The rows of each statement; all see one state of the database. */
  read(statements: readonly Statement[]): MaybePromise<readonly (readonly Row[])[]>
  /**
   * Runs all steps in order as one atomic unit, and then the code of the host, before the commit. Retries by itself after errors
   * that rolled the unit back and permit a retry; the code of the host runs once for each attempt that reaches it. On D1 it runs
   * before the steps are sent, and its statements are the last of the batch. Throws a `HostError` with the error of that code;
   * nothing is written then.
   */
  write(steps: readonly Step[], hostCode?: InTransaction): MaybePromise<WriteEnd>
  /**
   * Runs `work`, such as a schema change, while no other process can run its own. It commits completely or not at all, if the
   * database supports that for schema changes. D1 has neither such a lock nor a roll-back: there each call of `run` is a unit of
   * its own, and `work` must be safe to interrupt, to repeat and to run in several processes at once. Rethrows the errors of
   * `work`.
   */
  exclusive<Result>(work: (run: RunStatements) => Promise<Result>): Promise<Result>
  /** Closes the connections that the driver itself has opened. */
  close(): MaybePromise<void>
  /** The same database for one request, where the platform limits the calls of a request. Absent where calls are not counted. */
  forRequest?(): Driver & { readonly calls: CallBudget }
}

/** Runs statements in order, all or none, and returns the rows of the last one. */
export type RunStatements = (...statements: readonly Statement[]) => Promise<readonly Row[]>
