/**
 * SQLite in this process. A unit of work runs from BEGIN to COMMIT without waiting, so nothing of this process can come
 * between; other processes are kept out by BEGIN IMMEDIATE. When one of them holds the lock, the unit waits outside
 * itself, without blocking the event loop, and begins again. Schema changes alone wait in the middle; what comes
 * meanwhile waits for their end.
 */
import type { MaybePromise } from '@scimkit/core'
import { pauses } from './back-off.js'
import type { Driver, Row, Statement, Step, WriteEnd } from './driver.js'
import { rowsOf, type SqliteConnection, type SqliteStatement } from './sqlite-connection.js'
import { troubleOf } from './sqlite-errors.js'
import { statementCache } from './statement-cache.js'
import { StoreFailure } from './store-failure.js'

/** How SQLite is used. */
export interface SqliteDriverOptions {
  /**
   * What a committed write survives. `full`: a power cut. `normal`: a killed process; a power cut may take the last
   * writes, though never half of one. Default `full`.
   */
  readonly durability?: 'full' | 'normal'
  /** Milliseconds that a write waits for another process before it is 503. Default 5,000. */
  readonly busyMilliseconds?: number
}

// Longer, and a process that waits inside SQLite blocks its event loop and starves the others (seen).
const nativeBusyMilliseconds = 50
const statementsKept = 500
// SQLITE_MAX_VARIABLE_NUMBER of every build since 3.32.
const maxParameters = 32_766

/**
 * A driver on an open connection, which it owns from now on. BEGIN, COMMIT and ROLLBACK are never prepared: after a
 * BEGIN IMMEDIATE that found the file taken, libsql leaves a prepared statement halfway, and with it the connection in an
 * old snapshot; whatever it read from then on would be stale.
 */
export function sqliteDriver(connection: SqliteConnection, options: SqliteDriverOptions = {}): Driver {
  const { durability = 'full', busyMilliseconds = 5_000 } = options
  const patience = { milliseconds: busyMilliseconds }
  connection.exec(`pragma busy_timeout = ${nativeBusyMilliseconds}`)
  const prepared = statementCache<SqliteStatement>(statementsKept, (sql) => connection.prepare(sql))
  let configured = false
  /** Resolves when the schema change that is under way has ended; undefined while there is none. */
  let change: Promise<void> | undefined

  function configure(): void {
    if (configured) return
    connection.exec('pragma journal_mode = wal')
    connection.exec(`pragma synchronous = ${durability}`)
    configured = true
  }

  /** Runs a unit that never waits, again and again while another process is in the way. */
  function untilFree<Result>(unit: () => Result): MaybePromise<Result> {
    if (change !== undefined) return afterChange(change, unit)
    try {
      configure()
      return unit()
    } catch (error) {
      if (troubleOf(error) !== 'busy') throw asFailure(error)
      return whenFree(unit)
    }
  }

  async function afterChange<Result>(ended: Promise<void>, unit: () => Result): Promise<Result> {
    await ended
    // The next change may have begun.
    return untilFree(unit)
  }

  async function whenFree<Result>(unit: () => Result): Promise<Result> {
    const pause = pauses(patience)
    while (await pause()) {
      if (change !== undefined) return afterChange(change, unit)
      try {
        configure()
        return unit()
      } catch (error) {
        if (troubleOf(error) !== 'busy') throw asFailure(error)
      }
    }
    throw new StoreFailure(`another process held the database for ${busyMilliseconds} ms`, 'nothingWritten')
  }

  function readAll(statements: readonly Statement[]): readonly (readonly Row[])[] {
    const rows = ({ sql, parameters }: Statement): readonly Row[] => rowsOf(prepared.get(sql), parameters)
    if (statements.length === 1) return statements.map(rows)
    connection.exec('begin')
    try {
      return statements.map(rows)
    } finally {
      connection.exec('commit')
    }
  }

  function writeAll(steps: readonly Step[]): WriteEnd {
    connection.exec('begin immediate')
    try {
      for (const { sql, parameters, mustChange } of steps) {
        const { changes } = prepared.get(sql).run(...parameters)
        if (mustChange && Number(changes) === 0) {
          rollBack()
          return 'missed'
        }
      }
    } catch (error) {
      rollBack()
      const trouble = troubleOf(error)
      if (trouble === 'taken') return 'taken'
      if (trouble === 'guard') return 'missed'
      throw error
    }
    commit()
    return 'written'
  }

  function commit(): void {
    try {
      connection.exec('commit')
    } catch (error) {
      rollBack()
      if (troubleOf(error) === 'busy') throw error
      throw new StoreFailure('COMMIT failed', 'unknown', error)
    }
  }

  /** Opens the transaction of a schema change; gives what ends the wait of the others. */
  function beginChange(): () => void {
    connection.exec('begin immediate')
    let resume = (): void => {}
    change = new Promise((resolve) => {
      resume = resolve
    })
    return () => {
      change = undefined
      resume()
    }
  }

  // SQLite may have rolled back by itself (disk full, I/O error); then there is nothing to roll back any more.
  function rollBack(): void {
    try {
      connection.exec('rollback')
    } catch {}
  }

  return {
    dialect: 'sqlite',
    maxParameters,
    read: (statements) => untilFree(() => readAll(statements)),
    write: (steps) => untilFree(() => writeAll(steps)),
    async exclusive(work) {
      const end = await untilFree(beginChange)
      try {
        const result = await work(async (...statements) => {
          let rows: readonly Row[] = []
          for (const { sql, parameters } of statements) rows = rowsOf(connection.prepare(sql), parameters)
          return rows
        })
        connection.exec('commit')
        return result
      } catch (error) {
        rollBack()
        throw error instanceof Error && 'code' in error ? asFailure(error) : error
      } finally {
        end()
      }
    },
    close() {
      // By itself SQLite does this when the last connection closes; libsql leaves it undone while statements are prepared,
      // and whoever then copies the file without the one beside it has half of the data. Others may be at work: never mind.
      try {
        connection.prepare('pragma wal_checkpoint(truncate)').all()
      } catch {}
      connection.close()
    },
  }
}

function asFailure(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error
  const message = error instanceof Error ? error.message : String(error)
  return new StoreFailure(message, 'nothingWritten', error)
}
