/** What the driver of a Kysely instance asks about the database behind it; one file for each database answers. */
import type { Kysely, TransactionBuilder } from 'kysely'
import type { ListWork, Row, WriteEnd } from '../driver.js'
import type { HostDialect } from '../host-code.js'
import type { FailureOutcome } from '../store-failure.js'

/** The tables of an instance. The instance of a host has a schema of its own, which this package ignores. */
export type AnyTables = Record<string, Record<string, unknown>>

/** A statement that begins every transaction. */
export interface Opening {
  readonly sql: string
  /** The error that ends the transaction, if its row says that this server must not be used. */
  refusal(row: Row | undefined): Error | undefined
}

/** The outcome of a unit that failed, with the texts of the failure. */
export interface KyselyFailure {
  readonly outcome: FailureOutcome
  /** For the log; undefined if the error itself must not be quoted. */
  readonly message?: string | undefined
  /** For the client: the limit that a value exceeds. */
  readonly limit?: string | undefined
}

/** One database behind an instance. */
export interface KyselyDatabase {
  readonly isRemote: boolean
  /** The form of the host's own statements. */
  readonly host: HostDialect
  /** Most parameters that one statement may bind. */
  readonly maxParameters: number
  /** The share that lists may take; `connections` is the most that they use at the same time. */
  lists(connections: number): ListWork
  /** True if one statement that reads needs no transaction. */
  readonly readsWithoutTransaction: boolean
  /** A transaction in which all statements of a read see one state, and a write sees the commit that it has waited for. */
  transaction(instance: Kysely<AnyTables>, reading: boolean): TransactionBuilder<AnyTables>
  readonly opening: Opening | undefined
  /** The statement that waits for the schema changes of all other ScimKit processes, with any driver. */
  readonly migrationLock: string | undefined
  /** The end of a write that this error means; undefined if it is another error. */
  writeEndOf(error: unknown): WriteEnd | undefined
  /** True if concurrent units ended this one, so that it may be retried. */
  isConflict(error: unknown): boolean
  /** True unless the error proves that COMMIT was rejected. */
  mayHaveCommitted(error: unknown): boolean
  /** The failure of a unit that changed nothing and ended with this error. */
  failureOf(error: unknown): KyselyFailure
}
