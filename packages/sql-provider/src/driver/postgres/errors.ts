/** The meaning of PostgreSQL errors for a unit of work. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
import type { WriteEnd } from '../driver.js'
import { type FailureOutcome, StoreFailure } from '../store-failure.js'

const uniqueViolation = '23505'
const checkViolation = '23514'
const serializationFailure = '40001'
const completionUnknown = '40003'
const deadlockDetected = '40P01'
const lockNotAvailable = '55P03'
const retryableStates: ReadonlySet<string> = new Set([serializationFailure, deadlockDetected, lockNotAvailable])

/** The SQLSTATE of an error from the server; undefined for an error of the connection. */
export function sqlStateOf(error: unknown): string | undefined {
  // Not by class: a host's pool may come from another copy of `pg`. System errors have a code, but no severity.
  const answered = typeof error === 'object' && error !== null && 'severity' in error && 'code' in error
  return answered && typeof error.code === 'string' ? error.code : undefined
}

/** The end of a write that this error means; undefined if it is another error. */
export function writeEndOf(error: unknown): WriteEnd | undefined {
  const state = sqlStateOf(error)
  if (state === uniqueViolation) return 'taken'
  return state === checkViolation && tableOf(error) === 'scim_guard' ? 'missed' : undefined
}

// `pg` calls the field `table`, postgres.js calls it `table_name`.
function tableOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined
  return 'table' in error ? error.table : 'table_name' in error ? error.table_name : undefined
}

/** Whether the server has rolled the unit back because of concurrent transactions, so that it may be retried. */
export function isRivalry(error: unknown): boolean {
  return retryableStates.has(sqlStateOf(error) ?? '')
}

/** Whether the server itself reports that it does not know if the transaction was committed. */
export function isAmbiguous(error: unknown): boolean {
  return sqlStateOf(error) === completionUnknown
}

/** The connection leads to a standby: its data may be old, so no precondition can be checked against it. */
export class StandbyError extends Error {
  constructor() {
    super('the connection to PostgreSQL leads to a standby (pg_is_in_recovery)')
    this.name = 'StandbyError'
  }
}

const readOnlyTransaction = '25006'

/**
 * Whether the server cannot be used any more: it is a standby, read-only (25006), shutting down or starting (57P0x), or the
 * connection to it has failed (class 08). The pool's other connections may lead to the same server.
 */
export function isServerGone(error: unknown): boolean {
  if (error instanceof StandbyError) return true
  const state = sqlStateOf(error) ?? ''
  return state === readOnlyTransaction || state.startsWith('57P0') || state.startsWith('08')
}

/**
 * Whether the server rejects the values: class 22, data exception (such as U+0000 in text), and class 54, program limit exceeded
 * (such as a text too long for an index). A retry of the same request always fails.
 */
export function isRefusal(error: unknown): boolean {
  const state = sqlStateOf(error) ?? ''
  return state.startsWith('22') || state.startsWith('54')
}

const indexEntryTooLong = '54000'
const diskFull = '53100'
const accessRule = '42'

/** The error text for a client that sent an indexed value that is too long. */
export const indexLimit =
  'An indexed value is too long: PostgreSQL accepts about 2,700 bytes in an index entry, after compression.'

/** The error text for a client whose values the server rejected; undefined if the error names no known limit. */
export function limitIn(error: unknown): string | undefined {
  return sqlStateOf(error) === indexEntryTooLong ? indexLimit : undefined
}

/** The outcome of a unit that changed nothing and ended with this error of the server or the connection. */
export function postgresOutcomeOf(error: unknown): Exclude<FailureOutcome, 'unknown'> {
  if (isRefusal(error)) return 'refused'
  const state = sqlStateOf(error)
  if (state === diskFull) return 'full'
  // A missing table or permission. A pooler that mixes up prepared statements causes an error of this class too, but a retry may
  // succeed.
  return state?.startsWith(accessRule) && state !== duplicateStatement ? 'rejected' : 'nothingWritten'
}

const tooManyConnections = '53300'
const duplicateStatement = '42P05'
const unknownStatement = '26000'

/** Whether the server, or a pooler, rejected a connection only because there are too many at the moment. */
export function isFull(error: unknown): boolean {
  const message = error instanceof Error ? error.message : ''
  return sqlStateOf(error) === tooManyConnections || message.startsWith('no more connections allowed')
}

/**
 * The error itself; or, for errors that a pooler in transaction mode causes, an error with the remedy. Such a pooler rejects
 * settings at the start of a connection, and prepared statements are on another server process in a later transaction.
 */
export function withPoolerHint(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const state = sqlStateOf(error)
  const isPooler =
    state === duplicateStatement ||
    state === unknownStatement ||
    error.message.startsWith('unsupported startup parameter')
  if (!isPooler) return error
  return new Error(
    `${error.message}. Behind a pooler in transaction mode, such as PgBouncer, start with --pooler (provider option: prepare: false)`,
    { cause: error },
  )
}

function messageOf(error: unknown, state: string | undefined): string {
  if (error instanceof StandbyError) return error.message
  if (state === undefined) return 'the connection to PostgreSQL failed'
  return state === readOnlyTransaction
    ? 'PostgreSQL rejects writes: read-only transaction (SQLSTATE 25006)'
    : `PostgreSQL error: SQLSTATE ${state}`
}

/**
 * An error of the server or the connection as the failure of a unit that has changed nothing. The server's own text may quote
 * data, so it is only in the cause.
 */
export function nothingWritten(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error
  const state = sqlStateOf(error)
  return new StoreFailure(messageOf(error, state), postgresOutcomeOf(error), withPoolerHint(error), limitIn(error))
}
