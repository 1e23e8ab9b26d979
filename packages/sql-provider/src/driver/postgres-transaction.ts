/** BEGIN and COMMIT, and what is known when one of them goes wrong. */
import { isAmbiguous, StandbyError } from './postgres-errors.js'
import type { PostgresLimits } from './postgres-options.js'
import { queryOf, rowsOf } from './postgres-query.js'
import type { Session } from './postgres-session.js'
import { StoreFailure } from './store-failure.js'

/** How the server should take a transaction. */
export interface TransactionMode {
  readonly isolation: 'read committed' | 'repeatable read' | 'serializable'
  /** `checked`: the answer to the text says whether the server is a standby. */
  readonly readOnly: false | true | 'checked'
  /** What must be locked before the snapshot of the transaction is taken. */
  readonly lock?: string
  /** The limits of this transaction alone, where the connection has none or others. */
  readonly limits: Pick<PostgresLimits, 'statementMilliseconds' | 'lockMilliseconds' | 'idleMilliseconds'> | undefined
}

// Raised for this transaction alone, never lowered: remote_apply and remote_write wait for standbys. Behind a pooler a
// setting of the session would go to another client.
const raiseDurability = `select set_config('synchronous_commit', 'on', true)
  where current_setting('synchronous_commit') in ('off', 'local')`

/** The text that opens a transaction. It is one message, however much it says. */
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
 * Runs `work` in a transaction and commits it if `keeps` says so of its result; else, and when `work` throws, all is
 * undone. What is thrown is the error of `work`, the server or the connection, and then nothing was written; or a
 * {@link StoreFailure} that says `unknown`.
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
  // Lost before COMMIT was sent: the server undoes what was not committed. From here on only its answer tells.
  const sent = session.state() === 'open'
  try {
    // The server's time limit ends before COMMIT: only ours bounds its wait for a synchronous standby.
    const { command } = await session.run({ text: 'commit' })
    if (command === 'COMMIT') return
  } catch (error) {
    const isFinal = !sent || ((await rollBack(session)) && !isAmbiguous(error))
    if (isFinal) throw error
    throw new StoreFailure('the connection was lost while PostgreSQL committed', 'unknown', error)
  }
  // The server answers so when a statement failed and nobody minded.
  throw new StoreFailure('PostgreSQL rolled back instead of committing', 'nothingWritten')
}

/** Undoes the transaction; true if the server said so. Otherwise it does so by itself, as the connection is closed. */
async function rollBack(session: Session): Promise<boolean> {
  try {
    await session.run({ text: 'rollback' })
    return true
  } catch (error) {
    session.spoil(error)
    return false
  }
}
