/**
 * PostgreSQL, and databases with its protocol. A unit of writing is one transaction on one connection. A transaction that the
 * server rolled back because of concurrent writers is retried; a transaction that it may have committed is not.
 */
import type { InTransaction } from '@scimkit/core/provider'
import { pauses } from '../back-off.js'
import type { Driver, Row, RunStatements, Statement, Step, WriteEnd } from '../driver.js'
import { callAndWait, HostError, postgresHost } from '../host-code.js'
import { remoteLists } from '../list-work.js'
import { StoreFailure } from '../store-failure.js'
import { postgresConnections } from './connections.js'
import { isAmbiguous, isRivalry, isServerGone, nothingWritten, sqlStateOf, writeEndOf } from './errors.js'
import { type OwnPostgresPool, openPostgres } from './open.js'
import { limitsFrom, listConnectionsOf, type PostgresDriverOptions } from './options.js'
import type { PostgresPool, PostgresResult } from './pool.js'
import { queryOf, rowsOf } from './query.js'
import { borrow, grace, type Session } from './session.js'
import { beginText, inTransaction } from './transaction.js'
import { withinTime } from './within-time.js'

// The protocol has a 16-bit count of parameters.
const maxParameters = 65_535
// "scimkit" in ASCII as a number: one lock per database, which every process takes before it changes the schema.
const migrationLock = '32478926780197236'

/**
 * How a connection may be used. `settled`: of the driver's own pool, direct, with its limits and durability set; `direct`: of a
 * host's pool, one server process for its whole life; `pooled`: any transaction may reach another server process.
 */
type Kind = 'settled' | 'direct' | 'pooled'

/**
 * A driver on a connection string, for which it opens a pool, or on a pool that the host owns. It connects at its first use.
 * Throws a TypeError for an invalid option.
 */
export function postgresDriver(database: string | PostgresPool, options: PostgresDriverOptions = {}): Driver {
  const limits = limitsFrom(options)
  const own: OwnPostgresPool | undefined = typeof database === 'string' ? openPostgres(database, limits) : undefined
  const pool = own ?? (database as PostgresPool)
  // Losing an idle connection needs no reaction, but without a listener the error event would end the process.
  const onIdleError = (): void => {}
  pool.on('error', onIdleError)
  let closing: Promise<void> | undefined

  const { prepare, isolation, busyMilliseconds } = limits
  const connections = postgresConnections({ own: own !== undefined, check: prepare })
  // A serializable write sees the state at the begin of its first statement, even if that statement had to wait. LOCK TABLE
  // does not count as such a statement, so it waits for a schema change before.
  const held = isolation === 'serializable' ? { lock: 'lock table scim_resources in row exclusive mode' } : {}
  const beginWrite = { isolation, readOnly: false, ...held } as const
  const beginRead = { isolation: 'repeatable read', readOnly: true } as const
  const texts = {
    // A direct connection of the own pool has the limits, and was not a standby.
    settled: {
      write: beginText({ ...beginWrite, limits: undefined }),
      read: beginText({ ...beginRead, limits: undefined }),
    },
    direct: { write: beginText({ ...beginWrite, limits }), read: beginText({ ...beginRead, limits }) },
    pooled: {
      write: beginText({ ...beginWrite, limits }),
      read: beginText({ ...beginRead, readOnly: 'checked', limits }),
    },
  } as const
  const beginMigration = beginText({ isolation: 'read committed', readOnly: false, limits: migrationLimits() })

  function migrationLimits(): typeof limits {
    const { migrateMilliseconds } = limits
    return {
      ...limits,
      statementMilliseconds: migrateMilliseconds,
      lockMilliseconds: migrateMilliseconds,
      idleMilliseconds: migrateMilliseconds,
    }
  }

  async function kindOf(session: Session): Promise<Kind> {
    const direct = await connections.examine(session)
    return direct ? (own === undefined ? 'direct' : 'settled') : 'pooled'
  }

  /** Closes a connection to a server that is unavailable, and marks all other connections, which may reach it too, as stale. */
  function leaveServer(session: Session, error: unknown): void {
    const cause = error instanceof StoreFailure ? error.cause : error
    if (isServerGone(cause)) session.spoil(cause)
    if (session.state() === 'lost') connections.empty()
  }

  /**
   * Runs a unit on a connection, with retries after lock conflicts, and once more if the connection turns out to be dead. An
   * error of the unit must mean that it has written nothing, unless it is a {@link StoreFailure}.
   */
  async function untilDone<Result>(unit: (session: Session, kind: Kind) => Promise<Result>): Promise<Result> {
    const pause = pauses({ milliseconds: busyMilliseconds })
    for (let renewed = false; ; ) {
      const session = await borrow(pool, limits, connections.isStale)
      let failure: unknown
      try {
        return await unit(session, await kindOf(session))
      } catch (error) {
        failure = error
        leaveServer(session, error)
      } finally {
        session.end()
      }
      if (failure instanceof StoreFailure || failure instanceof HostError) throw failure
      if (session.state() === 'lost' && !renewed) renewed = true
      else if (!isRivalry(failure) || !(await pause())) throw nothingWritten(failure)
    }
  }

  const ask = (session: Session, statement: Statement): Promise<PostgresResult> =>
    session.run(queryOf(statement, prepare))

  async function readAll(session: Session, statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    const rows: (readonly Row[])[] = []
    for (const statement of statements) rows.push(rowsOf(await ask(session, statement)))
    return rows
  }

  async function readAlone(session: Session, statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    try {
      return await readAll(session, statements)
    } catch (error) {
      // After some errors the server closes the connection.
      await session.answers()
      throw error
    }
  }

  async function runSteps(session: Session, steps: readonly Step[]): Promise<WriteEnd> {
    for (const step of steps) {
      const result = await ask(session, step)
      step.returned?.(rowsOf(result))
      if (step.mustChange && (result.rowCount ?? 0) === 0) return 'missed'
    }
    return 'written'
  }

  /** The code of the host, in the open transaction. Conflicts and a lost connection are of the store, not of the host. */
  async function callHost(session: Session, hostCode: InTransaction): Promise<void> {
    // Only one statement each: a second one in its text could be a COMMIT.
    const run = async (statement: Statement): Promise<readonly Row[]> =>
      rowsOf(await session.run({ ...queryOf(statement, false), queryMode: 'extended' }))
    const called = callAndWait(hostCode, postgresHost, run, (error) => isRivalry(error) || session.state() !== 'open')
    // The server ends a transaction that is idle for too long. Code that never ends must not keep a place in the pool then.
    await Promise.race([called, session.broken])
  }

  /** One statement that the server commits by itself. */
  async function writeAlone(session: Session, steps: readonly Step[]): Promise<WriteEnd> {
    try {
      return await runSteps(session, steps)
    } catch (error) {
      const isFinal = sqlStateOf(error) !== undefined && !isAmbiguous(error) && (await session.answers())
      if (isFinal) throw error
      throw new StoreFailure('connection lost during a PostgreSQL write', 'unknown', error)
    }
  }

  return {
    dialect: 'postgres',
    isRemote: true,
    maxParameters,
    lists: remoteLists(listConnectionsOf(limits, pool)),

    read: (statements) =>
      untilDone((session, kind) =>
        // Without a transaction, a pooler could send the statement to a standby.
        statements.length <= 1 && kind !== 'pooled'
          ? readAlone(session, statements)
          : inTransaction(
              session,
              texts[kind].read,
              () => readAll(session, statements),
              // Nothing was written, so the result of the roll-back does not matter.
              () => false,
            ),
      ),

    write: (steps, hostCode) =>
      untilDone(async (session, kind) => {
        try {
          // Without a transaction, a statement has the isolation and the durability of the connection.
          if (steps.length <= 1 && hostCode === undefined && kind === 'settled' && isolation === 'read committed')
            return await writeAlone(session, steps)
          return await inTransaction(
            session,
            texts[kind].write,
            async () => {
              const end = await runSteps(session, steps)
              if (end === 'written' && hostCode !== undefined) await callHost(session, hostCode)
              return end
            },
            (end) => end === 'written',
          )
        } catch (error) {
          const end = writeEndOf(error)
          if (end === undefined) throw error
          return end
        }
      }),

    async exclusive(work) {
      const session = await borrow(pool, limits, connections.isStale)
      const run: RunStatements = async (...statements) => {
        try {
          let rows: readonly Row[] = []
          for (const statement of statements) {
            rows = rowsOf(await session.run(queryOf(statement, prepare), limits.migrateMilliseconds + grace))
          }
          return rows
        } catch (error) {
          throw nothingWritten(error)
        }
      }
      const lock = { sql: `select pg_advisory_xact_lock(${migrationLock})`, parameters: [], lasting: false }
      try {
        return await inTransaction(
          session,
          beginMigration,
          async () => {
            await run(lock)
            return work(run)
          },
          () => true,
        )
      } catch (error) {
        leaveServer(session, error)
        // Errors of `work` itself are passed on unchanged.
        throw sqlStateOf(error) === undefined && session.state() === 'open' ? error : nothingWritten(error)
      } finally {
        session.end()
      }
    },

    close() {
      closing ??= closed()
      return closing
    },
  }

  async function closed(): Promise<void> {
    if (own === undefined) {
      pool.removeListener('error', onIdleError)
      return
    }
    // It waits for running units. A connection that the network dropped silently may never report that it is closed.
    const ended = own.end()
    await withinTime(ended, limits.statementMilliseconds, () => new Error('connections did not end')).catch(() => {})
  }
}
