/**
 * What the provider needs of a database: statements run against one state of it, and statements committed together or
 * not at all. Drivers know nothing of SCIM; the provider knows nothing of connections.
 */
import type { MaybePromise } from '@scimkit/core'
import type { DialectName } from '../dialect.js'
import type { CallBudget } from './call-budget.js'
import type { Turns } from './turns.js'

/** What is bound and what comes back. No booleans and no buffers: they abort some native drivers. */
export type SqlValue = string | number | null

/** One statement with its parameters, in order. `?` or `$1` as the dialect has it. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
  /** True for texts that come again and again, worth keeping prepared under a name on a remote server. */
  readonly lasting: boolean
}

/** One statement of a write. */
export interface Step extends Statement {
  /** The unit is rolled back and ends as `missed` if this statement changes no row. */
  readonly mustChange: boolean
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
  /** Every statement of a list that looks at many rows runs in such a turn, so that others find the database free. */
  readonly turns: Turns
  /** How long one of them should take, in milliseconds: the number of its rows follows from how long the last one took. */
  readonly milliseconds: number
  /** Comparisons (rows × terms) in the first one, before anything is known. */
  readonly comparisons: number
}

/** A database. Every function throws a {@link StoreFailure} when the store fails; nothing else. */
export interface Driver {
  readonly dialect: DialectName
  /** Most parameters that one statement may bind. */
  readonly maxParameters: number
  /**
   * True where a promise that one request made may never settle for another one: Workers ends a request whose client has
   * gone, in the middle. Nothing is then shared between requests but values.
   */
  readonly isolatesRequests?: boolean
  /** True where each call is a round trip through a network, so that it pays to ask for many rows at once. */
  readonly isRemote?: boolean
  /**
   * A driver for one read of a request that may be answered from a state before the last writes; it reads only. Absent where
   * there are no replicas to read from.
   */
  readonly replica?: () => Driver
  /** How statements of lists, whose work the request decides, share the database with everything else. */
  readonly lists: ListWork
  /** The rows of each statement; all see one state of the database. */
  read(statements: readonly Statement[]): MaybePromise<readonly (readonly Row[])[]>
  /** Runs all steps in order as one atomic unit. Retries by itself what the database asks to be retried and was rolled back. */
  write(steps: readonly Step[]): MaybePromise<WriteEnd>
  /**
   * Runs `work` while no other process can be in here: schema changes. All of it commits or none, where the database can
   * do that with schema changes. D1 can neither keep others out nor undo: there each call of `run` is a unit of its own,
   * and `work` must be such that it may be stopped, repeated and done by several at once. What `work` throws is passed on.
   */
  exclusive<Result>(work: (run: RunStatements) => Promise<Result>): Promise<Result>
  /** Ends what the driver itself has opened. */
  close(): MaybePromise<void>
  /** The same database for one request, where the platform bounds the calls of each. Absent where nothing is counted. */
  forRequest?(): Driver & { readonly calls: CallBudget }
}

/** Runs statements in order, all or none, and gives the rows of the last. */
export type RunStatements = (...statements: readonly Statement[]) => Promise<readonly Row[]>
