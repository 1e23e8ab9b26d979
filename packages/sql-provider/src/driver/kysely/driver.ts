/**
 * A Kysely instance of the host, on SQLite or PostgreSQL. Statements run through its executor, which costs more than the other
 * drivers of this package; in return, they use the pool, the logging and the tracing of the host.
 */
import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import type { DialectName } from '../../dialect/dialect.js'
import { dialectOf } from '../../dialect/dialects.js'
import { pauses } from '../back-off.js'
import type { Driver, Row, RunStatements, Statement, Step, WriteEnd } from '../driver.js'
import { callAndWait, HostError } from '../host-code.js'
import { StoreFailure } from '../store-failure.js'
import type { AnyTables, KyselyDatabase } from './database.js'
import { kyselyPostgres } from './postgres.js'
import { kyselySqlite } from './sqlite.js'

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

const databases: Readonly<Record<DialectName, KyselyDatabase>> = { sqlite: kyselySqlite, postgres: kyselyPostgres }

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

/** A driver on a Kysely instance that the host owns. Its dialect must support transactions. Throws a TypeError for an invalid option. */
export function kyselyDriver(
  db: Kysely<never>,
  { dialect, busyMilliseconds = 5_000, listConnections = 5 }: KyselyDriverOptions,
): Driver {
  if (!Number.isSafeInteger(listConnections) || listConnections < 1) {
    throw new TypeError(`listConnections: expected a whole number above 0, got ${String(listConnections)}`)
  }
  const database = databases[dialectOf(dialect).name]
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
      let refusal: Error | undefined
      try {
        return await database.transaction(instance, reading).execute(async (executor) => {
          refusal = await opened(executor)
          if (refusal !== undefined) throw refusal
          const value = await work(executor)
          committing = true
          return value
        })
      } catch (error) {
        if (isNoFailure(error)) throw error
        // The roll-back may have thrown another error instead.
        if (refusal !== undefined) throw asFailure(refusal, database)
        if (database.isConflict(error)) {
          if (await pause()) continue
          throw new StoreFailure(`the database was locked for ${busyMilliseconds} ms`, 'nothingWritten', error)
        }
        throw asFailure(error, database, committing && !reading && database.mayHaveCommitted(error))
      }
    }
  }

  /** Runs the opening of a transaction; the error that ends it, if this server must not be used. */
  async function opened(executor: Kysely<AnyTables>): Promise<Error | undefined> {
    const { opening } = database
    if (opening === undefined) return undefined
    const [row] = (await run(executor, { sql: opening.sql, parameters: [], lasting: false })).rows
    return opening.refusal(row)
  }

  /** Runs one step of a write. Throws {@link Refused} if it ends the write. */
  async function runStep(executor: Kysely<AnyTables>, step: Step): Promise<void> {
    let result: Result
    try {
      result = await run(executor, step)
    } catch (error) {
      const end = database.writeEndOf(error)
      throw end === undefined ? error : new Refused(end)
    }
    step.returned?.(result.rows)
    if (step.mustChange && result.changed === 0) throw new Refused('missed')
  }

  return {
    dialect,
    isRemote: database.isRemote,
    maxParameters: database.maxParameters,
    lists: database.lists(listConnections),
    async read(statements) {
      const [only] = statements
      if (statements.length !== 1 || only === undefined || !database.readsWithoutTransaction) {
        return transaction(async (executor) => {
          const answers: (readonly Row[])[] = []
          for (const statement of statements) answers.push((await run(executor, statement)).rows)
          return answers
        }, true)
      }
      try {
        return [(await run(instance, only)).rows]
      } catch (error) {
        throw asFailure(error, database)
      }
    },
    async write(steps, hostCode) {
      try {
        return await transaction(async (executor) => {
          for (const step of steps) await runStep(executor, step)
          if (hostCode !== undefined) {
            const runOfHost = async (statement: Statement): Promise<readonly Row[]> =>
              (await run(executor, statement)).rows
            await callAndWait(hostCode, database.host, runOfHost, database.isConflict)
          }
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
          const { migrationLock } = database
          if (migrationLock !== undefined) await run(executor, { sql: migrationLock, parameters: [], lasting: false })
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

function isNoFailure(error: unknown): boolean {
  return (
    error instanceof Refused || error instanceof PassedOn || error instanceof StoreFailure || error instanceof HostError
  )
}

interface Result {
  readonly rows: readonly Row[]
  readonly changed: number
}

/** The failure of a unit. Where `isUnknown`, COMMIT was sent and the error does not say whether it was carried out. */
function asFailure(error: unknown, database: KyselyDatabase, isUnknown = false): StoreFailure {
  if (error instanceof StoreFailure) return error
  const { outcome, message, limit } = database.failureOf(error)
  return new StoreFailure(message ?? "the host's Kysely instance failed", isUnknown ? 'unknown' : outcome, error, limit)
}
