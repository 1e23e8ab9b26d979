/**
 * A Kysely instance of the host, on SQLite or PostgreSQL. Statements run through its executor, which costs more than the other
 * drivers of this package; in return, they use the pool, the logging and the tracing of the host.
 */
import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import type { DialectName } from '../dialect.js'
import { pauses } from './back-off.js'
import type { Driver, Row, RunStatements, Statement, Step, WriteEnd } from './driver.js'
import { embeddedLists, remoteLists } from './list-work.js'
import {
  isAmbiguous,
  isRivalry,
  limitIn,
  postgresOutcomeOf,
  StandbyError,
  sqlStateOf,
  writeEndOf,
} from './postgres-errors.js'
import { sqliteOutcomeOf, sqliteRowLimit, troubleOf } from './sqlite-errors.js'
import { StoreFailure } from './store-failure.js'

// The instance of a host has a schema of its own, which this package ignores.
type AnyTables = Record<string, Record<string, unknown>>

/** The options of {@link kyselyDriver}. */
export interface KyselyDriverOptions {
  /** The SQL that the instance speaks. */
  readonly dialect: DialectName
  /** Milliseconds in which a write is retried after lock conflicts, before the answer is 503. Default 5,000. */
  readonly busyMilliseconds?: number
  /**
   * On PostgreSQL, most connections of the instance that lists without a usable index use at the same time. The driver does not
   * know the size of the pool: set half of it. Default 5.
   */
  readonly listConnections?: number
}

const maxParameters: Readonly<Record<DialectName, number>> = { sqlite: 32_766, postgres: 65_535 }
// Every ScimKit process takes this lock before it changes the schema, with any driver.
const migrationLock = 'select pg_advisory_xact_lock(32478926780197236)'

/**
 * The first statement of every transaction on PostgreSQL. The connection belongs to the host, and a pooler may be in between:
 * the properties and settings of a session may differ in the next transaction. The durability of a write is raised for the
 * transaction alone and never lowered; a standby must not answer, because its data may be old.
 */
const standing = `select pg_is_in_recovery() as standby,
  case when current_setting('synchronous_commit') in ('off', 'local')
    then set_config('synchronous_commit', 'on', true) end as synchronous_commit`

/** Thrown through Kysely's transaction to have it rolled back. */
class Refused extends Error {
  readonly end: WriteEnd

  constructor(end: WriteEnd) {
    super(end)
    this.end = end
  }
}

/** Carries an error of the work of a schema change through Kysely's transaction, unchanged. */
class PassedOn extends Error {
  constructor(cause: unknown) {
    super('passed on', { cause })
  }
}

/** A driver on a Kysely instance that the host owns. Its dialect must support transactions. */
export function kyselyDriver(
  db: Kysely<never>,
  { dialect, busyMilliseconds = 5_000, listConnections = 5 }: KyselyDriverOptions,
): Driver {
  if (!Number.isSafeInteger(listConnections) || listConnections < 1) {
    throw new TypeError(`listConnections: expected a whole number above 0, got ${String(listConnections)}`)
  }
  // The plugins of a host are for its own tables. They would rename the columns and parse the documents of this package.
  const instance = (db as unknown as Kysely<AnyTables>).withoutPlugins()

  async function run(executor: Kysely<AnyTables>, { sql, parameters }: Statement): Promise<Result> {
    const { rows, numAffectedRows } = await executor.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]))
    return { rows, changed: Number(numAffectedRows ?? rows.length) }
  }

  /**
   * Runs `work` in one transaction, with retries while lock conflicts end it. Throws a {@link Refused} or {@link PassedOn}, which
   * are no failures of the database, or a {@link StoreFailure}.
   */
  async function transaction<Value>(
    work: (executor: Transaction<AnyTables>) => Promise<Value>,
    reading: boolean,
  ): Promise<Value> {
    const pause = pauses({ milliseconds: busyMilliseconds })
    for (;;) {
      let committing = false
      let standby = false
      try {
        const begun = instance.transaction()
        // Set each time: the instance may have another default, and a write must see the commit that it has waited for.
        const level = reading ? 'repeatable read' : 'read committed'
        const isolated = dialect === 'postgres' ? begun.setIsolationLevel(level) : begun
        return await isolated.execute(async (executor) => {
          if (dialect === 'postgres') {
            standby = await leadsToStandby(executor)
            if (standby) throw new StandbyError()
          }
          const value = await work(executor)
          committing = true
          return value
        })
      } catch (error) {
        if (error instanceof Refused || error instanceof PassedOn || error instanceof StoreFailure) throw error
        // The roll-back may have thrown another error instead.
        if (standby) throw asFailure(new StandbyError(), dialect)
        if (isInTheWay(error)) {
          if (await pause()) continue
          throw new StoreFailure(`the database was locked for ${busyMilliseconds} ms`, 'nothingWritten', error)
        }
        // An error that the server itself returned for COMMIT is a rejection; with any other error it may have committed.
        const unknown = committing && !reading && (sqlStateOf(error) === undefined || isAmbiguous(error))
        throw asFailure(error, dialect, unknown)
      }
    }
  }

  /** Whether a standby answers. Only the pool of the host closes the connection. */
  async function leadsToStandby(executor: Kysely<AnyTables>): Promise<boolean> {
    const [row] = (await run(executor, { sql: standing, parameters: [], lasting: false })).rows
    const answer: unknown = row?.standby
    return !(answer === false || answer === 0 || answer === 'f')
  }

  /** Runs one step of a write. Throws {@link Refused} if it ends the write. */
  async function runStep(executor: Kysely<AnyTables>, step: Step): Promise<void> {
    let changed: number
    try {
      changed = (await run(executor, step)).changed
    } catch (error) {
      const end = refusalOf(error)
      throw end === undefined ? error : new Refused(end)
    }
    if (step.mustChange && changed === 0) throw new Refused('missed')
  }

  function refusalOf(error: unknown): WriteEnd | undefined {
    if (dialect === 'postgres') return writeEndOf(error)
    const trouble = troubleOf(error)
    if (trouble === 'taken') return 'taken'
    return trouble === 'guard' ? 'missed' : undefined
  }

  function isInTheWay(error: unknown): boolean {
    return dialect === 'postgres' ? isRivalry(error) : troubleOf(error) === 'busy'
  }

  return {
    dialect,
    isRemote: dialect === 'postgres',
    maxParameters: maxParameters[dialect],
    lists: dialect === 'sqlite' ? embeddedLists() : remoteLists(listConnections),
    async read(statements) {
      const [only] = statements
      if (statements.length !== 1 || only === undefined || dialect === 'postgres') {
        return transaction(async (executor) => {
          const answers: (readonly Row[])[] = []
          for (const statement of statements) answers.push((await run(executor, statement)).rows)
          return answers
        }, true)
      }
      try {
        return [(await run(instance, only)).rows]
      } catch (error) {
        throw asFailure(error, dialect)
      }
    },
    async write(steps: readonly Step[]) {
      try {
        return await transaction(async (executor) => {
          for (const step of steps) await runStep(executor, step)
          return 'written' as const
        }, false)
      } catch (error) {
        if (error instanceof Refused) return error.end
        throw error
      }
    },
    async exclusive(work) {
      try {
        return await transaction(async (executor) => {
          if (dialect === 'postgres') await run(executor, { sql: migrationLock, parameters: [], lasting: false })
          let failure: unknown
          const runAll: RunStatements = async (...statements) => {
            try {
              let rows: readonly Row[] = []
              for (const statement of statements) rows = (await run(executor, statement)).rows
              return rows
            } catch (error) {
              failure = error
              throw error
            }
          }
          try {
            return await work(runAll)
          } catch (error) {
            throw error === failure ? error : new PassedOn(error)
          }
        }, false)
      } catch (error) {
        throw error instanceof PassedOn ? error.cause : error
      }
    },
    close() {},
  }
}

interface Result {
  readonly rows: readonly Row[]
  readonly changed: number
}

/** The failure of a unit. Where `isUnknown`, COMMIT was sent and the error does not say whether it was carried out. */
function asFailure(error: unknown, dialect: DialectName, isUnknown = false): StoreFailure {
  if (error instanceof StoreFailure) return error
  const outcome = dialect === 'postgres' ? postgresOutcomeOf(error) : sqliteOutcomeOf(error)
  const limit = dialect === 'postgres' ? limitIn(error) : outcome === 'refused' ? sqliteRowLimit : undefined
  return new StoreFailure(
    error instanceof StandbyError ? error.message : "the host's Kysely instance failed",
    isUnknown ? 'unknown' : outcome,
    error,
    limit,
  )
}
