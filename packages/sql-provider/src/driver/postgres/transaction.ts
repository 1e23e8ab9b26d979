/** BEGIN and COMMIT, and the outcome that is certain when one of them fails. */

import { StoreFailure } from '../store-failure.js'
import { isAmbiguous, StandbyError } from './errors.js'
import type { PostgresLimits } from './options.js'
import { queryOf, rowsOf } from './query.js'
import type { Session } from './session.js'

/** The mode of a transaction. */
export interface TransactionMode {
  readonly isolation: 'read committed' | 'repeatable read' | 'serializable'
  /** `checked`: the result of the text reports whether the server is a standby. */
  readonly readOnly: false | true | 'checked'
  /** A statement that takes a lock before the snapshot of the transaction is taken. */
  readonly lock?: string
  /** The limits of this transaction alone, where the connection has no limits or other ones. */
  readonly limits: Pick<PostgresLimits, 'statementMilliseconds' | 'lockMilliseconds' | 'idleMilliseconds'> | undefined
}

// Raised for this transaction alone, never lowered: remote_apply and remote_write wait for standbys. Behind a pooler a
// setting of the session would apply to another client.
const raiseDurability = `select set_config('synchronous_commit', 'on', true)
  where current_setting('synchronous_commit') in ('off', 'local')`

/** The text that opens a transaction: several statements in one message. */
export function beginText({ isolation, readOnly, limits, lock }: TransactionMode): string {
  const settings = limits && {
    statement_timeout: limits.statementMilliseconds,
    lock_timeout: limits.lockMilliseconds,
    idle_in_transaction_session_timeout: limits.idleMilliseconds,
  }
  return [
    `begin isolation level ${isolation}${readOnly === false ? '' : ' read only'}`,
    ...Object.entries(settings ?? {}).map(([name, value]) => `set local ${name} = ${value}`),
    ...(lock === undefined ? [] : [lock]),
    ...(readOnly === false ? [raiseDurability] : []),
    ...(readOnly === 'checked' ? ['select pg_is_in_recovery() as standby'] : []),
  ].join('; ')
}

/**
 * Runs `work` in a transaction and commits it if `keeps` returns true for its result; else, and when `work` throws, it rolls
 * back. Throws the error of `work`, of the server or of the connection, and then nothing was written; or a {@link StoreFailure}
 * with the outcome `unknown`.
 */
export async function inTransaction<Result>(
  session: Session,
  begin: string,
  work: () => Promise<Result>,
  keeps: (result: Result) => boolean,
): Promise<Result> {
  let result: Result
  try {
    const [row] = rowsOf(await session.run(queryOf({ sql: begin, parameters: [], lasting: false }, false)))
    if (row?.standby === 1) throw new StandbyError()
    result = await work()
  } catch (error) {
    await rollBack(session)
    throw error
  }
  if (keeps(result)) await commit(session)
  else await rollBack(session)
  return result
}

async function commit(session: Session): Promise<void> {
  // If the connection was lost before COMMIT was sent, the server rolls back. From here on, only its answer decides.
  const sent = session.state() === 'open'
  try {
    // The server's time limit does not include COMMIT: only the limit of `run` ends its wait for a synchronous standby.
    const { command } = await session.run({ text: 'commit' })
    if (command === 'COMMIT') return
  } catch (error) {
    const isFinal = !sent || ((await rollBack(session)) && !isAmbiguous(error))
    if (isFinal) throw error
    throw new StoreFailure('connection lost during COMMIT in PostgreSQL', 'unknown', error)
  }
  // The server answers ROLLBACK to COMMIT if a statement failed before and its error was ignored.
  throw new StoreFailure('PostgreSQL answered COMMIT with ROLLBACK', 'nothingWritten')
}

/** Rolls the transaction back; true if the server confirmed it. Otherwise the server rolls back when the connection closes. */
async function rollBack(session: Session): Promise<boolean> {
  try {
    await session.run({ text: 'rollback' })
    return true
  } catch (error) {
    session.spoil(error)
    return false
  }
}
