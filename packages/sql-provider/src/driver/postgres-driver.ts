/**
 * PostgreSQL, and what speaks its protocol. A unit of writing is one transaction on one connection. What the server has
 * undone because of rivals begins again; what it may have committed never does.
 */
import { pauses } from './back-off.js'
import type { Driver, Row, RunStatements, Statement, Step, WriteEnd } from './driver.js'
import { remoteLists } from './list-work.js'
import { postgresConnections } from './postgres-connections.js'
import { isAmbiguous, isRivalry, isServerGone, nothingWritten, sqlStateOf, writeEndOf } from './postgres-errors.js'
import { type OwnPostgresPool, openPostgres } from './postgres-open.js'
import { limitsFrom, listConnectionsOf, type PostgresDriverOptions } from './postgres-options.js'
import type { PostgresPool, PostgresResult } from './postgres-pool.js'
import { queryOf, rowsOf } from './postgres-query.js'
import { borrow, grace, type Session } from './postgres-session.js'
import { withinTime } from './postgres-time.js'
import { beginText, inTransaction } from './postgres-transaction.js'
import { StoreFailure } from './store-failure.js'

// The protocol counts them in 16 bits.
const maxParameters = 65_535
// "scimkit" in ASCII as a number: one lock per database, for whoever changes our schema.
const migrationLock = '32478926780197236'

/**
 * How a connection may be used. `settled`: our own, direct, with its limits and durability set; `direct`: of a host's pool,
 * one server process for its whole life; `pooled`: any transaction may reach another server process.
 */
type Kind = 'settled' | 'direct' | 'pooled'

/**
 * A driver on a connection string, for which it makes a pool, or on a pool, which stays the host's. It connects when it
 * is first used. Throws a TypeError for an option that is no limit.
 */
export function postgresDriver(database: string | PostgresPool, options: PostgresDriverOptions = {}): Driver {
  const limits = limitsFrom(options)
  const own: OwnPostgresPool | undefined = typeof database === 'string' ? openPostgres(database, limits) : undefined
  const pool = own ?? (database as PostgresPool)
  // A connection that is lost while nobody uses it is no news, but without a listener it would end the process.
  const onIdleError = (): void => {}
  pool.on('error', onIdleError)
  let closing: Promise<void> | undefined

  const { prepare, isolation, busyMilliseconds } = limits
  const connections = postgresConnections({ own: own !== undefined, check: prepare })
  // Serializable, a write sees what was there when its first statement began, even if that had to wait. A schema change
  // is to be waited for before: LOCK TABLE is no such statement.
  const held = isolation === 'serializable' ? { lock: 'lock table scim_resources in row exclusive mode' } : {}
  const beginWrite = { isolation, readOnly: false, ...held } as const
  const beginRead = { isolation: 'repeatable read', readOnly: true } as const
  const texts = {
    // A connection of our own that is direct has the limits, and was no standby.
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

  /** Closes a connection to a server that is gone, and has all others closed that may lead there. */
  function leaveServer(session: Session, error: unknown): void {
    const cause = error instanceof StoreFailure ? error.cause : error
    if (isServerGone(cause)) session.spoil(cause)
    if (session.state() === 'lost') connections.empty()
  }

  /**
   * Runs a unit on a connection, again after others were in its way, and once more if the connection turns out to be
   * dead. What the unit throws must mean that it has written nothing, unless it is a {@link StoreFailure}.
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
      if (failure instanceof StoreFailure) throw failure
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
      // Some of the server's errors are its last words.
      await session.answers()
      throw error
    }
  }

  async function runSteps(session: Session, steps: readonly Step[]): Promise<WriteEnd> {
    for (const step of steps) {
      const { rowCount } = await ask(session, step)
      if (step.mustChange && (rowCount ?? 0) === 0) return 'missed'
    }
    return 'written'
  }

  /** One statement that the server commits by itself. */
  async function writeAlone(session: Session, steps: readonly Step[]): Promise<WriteEnd> {
    try {
      return await runSteps(session, steps)
    } catch (error) {
      const isFinal = sqlStateOf(error) !== undefined && !isAmbiguous(error) && (await session.answers())
      if (isFinal) throw error
      throw new StoreFailure('the connection was lost while PostgreSQL wrote', 'unknown', error)
    }
  }

  return {
    dialect: 'postgres',
    isRemote: true,
    maxParameters,
    lists: remoteLists(listConnectionsOf(limits, pool)),

    read: (statements) =>
      untilDone((session, kind) =>
        // By itself a statement could be answered by a standby that a pooler has put behind the connection.
        statements.length <= 1 && kind !== 'pooled'
          ? readAlone(session, statements)
          : inTransaction(
              session,
              texts[kind].read,
              () => readAll(session, statements),
              // Nothing was written, and to undo nothing cannot fail in a way that matters.
              () => false,
            ),
      ),

    write: (steps) =>
      untilDone(async (session, kind) => {
        try {
          // By itself a statement has the isolation and the durability of the connection.
          if (steps.length <= 1 && kind === 'settled' && isolation === 'read committed')
            return await writeAlone(session, steps)
          return await inTransaction(
            session,
            texts[kind].write,
            () => runSteps(session, steps),
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
        // What `work` throws of its own is not ours to translate.
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
    // It waits for units that are under way. A connection that the network swallowed may never say that it is closed.
    const ended = own.end()
    await withinTime(ended, limits.statementMilliseconds, () => new Error('connections did not end')).catch(() => {})
  }
}
