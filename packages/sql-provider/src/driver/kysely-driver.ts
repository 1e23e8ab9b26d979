/**
 * A host's own Kysely instance, on SQLite or PostgreSQL. Statements go through its executor, which costs more than our
 * own drivers do; in return the host's pool, its logging and its tracing see them.
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

// A host's instance has a schema of its own, which is none of our business.
type AnyTables = Record<string, Record<string, unknown>>

/** What speaks to the database. */
export interface KyselyDriverOptions {
  /** The SQL that the instance speaks. */
  readonly dialect: DialectName
  /** Milliseconds that a write begins again after others got in its way, before it is 503. Default 5,000. */
  readonly busyMilliseconds?: number
  /**
   * On PostgreSQL, most connections of the instance that lists which no index narrows use at the same time. The size of
   * its pool is not known here: name half of it. Default 5.
   */
  readonly listConnections?: number
}

const maxParameters: Readonly<Record<DialectName, number>> = { sqlite: 32_766, postgres: 65_535 }
// The lock that every process of ours takes before it changes the schema, whichever driver it uses.
const migrationLock = 'select pg_advisory_xact_lock(32478926780197236)'

/**
 * The first statement of every transaction on PostgreSQL. The connection is the host's, and a pooler may be between: what
 * a session was found to be, or was set to, need not hold for the next transaction. The durability of a write is raised
 * for the transaction alone and never lowered; a standby must not answer, because what it reads may be old.
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

/** Carries what the work of a schema change has thrown of its own through Kysely's transaction, unchanged. */
class PassedOn extends Error {
  constructor(cause: unknown) {
    super('passed on', { cause })
  }
}

/** A driver on a Kysely instance, which stays the host's. Its dialect must be able to do transactions. */
export function kyselyDriver(
  db: Kysely<never>,
  { dialect, busyMilliseconds = 5_000, listConnections = 5 }: KyselyDriverOptions,
): Driver {
  if (!Number.isSafeInteger(listConnections) || listConnections < 1) {
    throw new TypeError(`listConnections: expected a whole number above 0, got ${String(listConnections)}`)
  }
  // A host's plugins are for its own tables. They would rename our columns and parse our documents.
  const instance = (db as unknown as Kysely<AnyTables>).withoutPlugins()

  async function run(executor: Kysely<AnyTables>, { sql, parameters }: Statement): Promise<Result> {
    const { rows, numAffectedRows } = await executor.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]))
    return { rows, changed: Number(numAffectedRows ?? rows.length) }
  }

  /**
   * Runs `work` in one transaction, again and again while others are in the way. What it throws is an end that is not
   * for the database to explain, or a {@link StoreFailure}.
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
        // Said each time: an instance may have a level of its own, and a write must see what it has waited for.
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
        // Whatever the roll-back has thrown instead.
        if (standby) throw asFailure(new StandbyError(), dialect)
        if (isInTheWay(error)) {
          if (await pause()) continue
          throw new StoreFailure(`others held the database for ${busyMilliseconds} ms`, 'nothingWritten', error)
        }
        // What the server itself has answered to COMMIT is a refusal; anything else may have come too late to stop it.
        const unknown = committing && !reading && (sqlStateOf(error) === undefined || isAmbiguous(error))
        throw asFailure(error, dialect, unknown)
      }
    }
  }

  /** Whether a standby answers. The connection stays the host's pool's to close. */
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
