/** What errors of PostgreSQL mean for a unit of work. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
import type { WriteEnd } from './driver.js'
import { StoreFailure } from './store-failure.js'

const uniqueViolation = '23505'
const checkViolation = '23514'
const serializationFailure = '40001'
const completionUnknown = '40003'
const deadlockDetected = '40P01'
const lockNotAvailable = '55P03'
const rolledBackForRivals: ReadonlySet<string> = new Set([serializationFailure, deadlockDetected, lockNotAvailable])

/** The SQLSTATE if it is the server that speaks; undefined for an error of the connection. */
export function sqlStateOf(error: unknown): string | undefined {
  // Not by class: a host's pool may come from another copy of `pg`. System errors have a code, but no severity.
  const answered = typeof error === 'object' && error !== null && 'severity' in error && 'code' in error
  return answered && typeof error.code === 'string' ? error.code : undefined
}

/** How a write ends by this error; undefined if it is no end of one. */
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

/** Whether the server has undone the unit because of others, so that it may be tried again. */
export function isRivalry(error: unknown): boolean {
  return rolledBackForRivals.has(sqlStateOf(error) ?? '')
}

/** Whether the server itself says that it does not know if the transaction was committed. */
export function isAmbiguous(error: unknown): boolean {
  return sqlStateOf(error) === completionUnknown
}

/**
 * Whether it is the values that the server cannot take: class 22, data exception (such as U+0000 in text), and class 54,
 * program limit exceeded (such as a text too long for an index). The same request will always end so.
 */
export function isRefusal(error: unknown): boolean {
  const state = sqlStateOf(error) ?? ''
  return state.startsWith('22') || state.startsWith('54')
}

/**
 * An error of the server or the connection as the failure of a unit that has changed nothing. The server's own words may
 * quote data, so they are only in the cause.
 */
export function nothingWritten(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error
  const state = sqlStateOf(error)
  const message = state === undefined ? 'the connection to PostgreSQL failed' : `PostgreSQL gave up: SQLSTATE ${state}`
  return new StoreFailure(message, isRefusal(error) ? 'refused' : 'nothingWritten', error)
}
