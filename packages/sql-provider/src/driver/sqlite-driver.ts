/**
 * SQLite in this process. A unit of work runs from BEGIN to COMMIT without waiting, so nothing of this process can come
 * between; other processes are kept out by BEGIN IMMEDIATE. When one of them holds the lock, the unit waits outside
 * itself, without blocking the event loop, and begins again. Three things wait in the middle, and what comes meanwhile
 * waits for their end: schema changes, writes of very many members, which rest between their statements, and with a
 * rollback journal a COMMIT that waits for the readers of other processes.
 */
import type { MaybePromise } from '@scimkit/core'
import { pauses } from './back-off.js'
import type { Driver, Row, Statement, Step, WriteEnd } from './driver.js'
import { embeddedLists } from './list-work.js'
import { rowsOf, type SqliteConnection, type SqliteStatement } from './sqlite-connection.js'
import { checkedBytes, damaged, findingsIn, sizeOf } from './sqlite-damage.js'
import { sqliteOutcomeOf, sqliteRowLimit, troubleOf } from './sqlite-errors.js'
import { type FileChange, type FileIdentity, fileIdentity } from './sqlite-identity.js'
import { enterJournal, fileOf, journalFor, journalModeOf, lockedOut, type SqliteJournal } from './sqlite-journal.js'
import { versionOf } from './sqlite-version.js'
import { statementCache } from './statement-cache.js'
import { StoreFailure } from './store-failure.js'

/** How SQLite is used. */
export interface SqliteDriverOptions {
  /**
   * What a committed write survives. `full`: a power cut. `normal`: a killed process; a power cut may take the last
   * writes, though never half of one. With a rollback journal `normal` is the same as `full`, since less could damage the
   * file. Default `full`.
   */
  readonly durability?: 'full' | 'normal'
  /**
   * How writes are kept whole, and who may share the file. `wal`: several processes, on an SQLite that has the fix of the
   * WAL-reset bug. `rollback`: several processes, slower writes. `wal-exclusive`: this connection alone. Default `wal`
   * where the SQLite has the fix, else `rollback`. All processes on one file must use the same.
   */
  readonly journal?: SqliteJournal
  /** Milliseconds that a write waits for another process before it is 503. Default 5,000. */
  readonly busyMilliseconds?: number
}

// Longer, and a process that waits inside SQLite blocks its event loop and starves the others (seen).
const nativeBusyMilliseconds = 50
const statementsKept = 500
// A write of more statements than any but a large group takes rests after so many milliseconds.
const stepsAtOnce = 24
const stretchMilliseconds = 5
// How long reads may go on from a file that is no longer at its path. Writes look each time.
const lookMilliseconds = 1_000
// SQLITE_MAX_VARIABLE_NUMBER of every build since 3.32.
const maxParameters = 32_766

/**
 * A driver on an open connection, which it owns from now on. Throws an Error if its SQLite must not use the journal that
 * `options` name. BEGIN, COMMIT and ROLLBACK are never prepared: after a
 * BEGIN IMMEDIATE that found the file taken, libsql leaves a prepared statement halfway, and with it the connection in an
 * old snapshot; whatever it read from then on would be stale.
 */
export function sqliteDriver(connection: SqliteConnection, options: SqliteDriverOptions = {}): Driver {
  const { durability = 'full', busyMilliseconds = 5_000 } = options
  const patience = { milliseconds: busyMilliseconds }
  connection.exec(`pragma busy_timeout = ${nativeBusyMilliseconds}`)
  const prepared = statementCache<SqliteStatement>(statementsKept, (sql) => connection.prepare(sql))
  /** Undefined in memory, and before the first unit: to ask may need a lock that another process has. */
  let file: string | undefined
  let configured = false
  let library: SqliteLibrary | undefined
  try {
    library = libraryOf(connection, options.journal)
  } catch (error) {
    // The file is locked or no database; then the first unit waits, or says so.
    const trouble = troubleOf(error)
    if (trouble !== 'busy' && trouble !== 'damaged') throw error
  }
  /** Resolves when what waits inside a transaction has ended; undefined while nothing does. */
  let held: Promise<void> | undefined
  /** Why nothing is done any more: the file is not to be trusted, or not to be touched. */
  let fault: StoreFailure | undefined
  let identity: FileIdentity | undefined
  let lookedAt = 0

  function configure(): void {
    if (fault !== undefined) throw fault
    if (configured) {
      if (performance.now() - lookedAt > lookMilliseconds && look() !== undefined) throw fault
      return
    }
    library ??= libraryOf(connection, options.journal)
    const { journal } = library
    file = fileOf(connection)
    if (file !== undefined) {
      enterJournal(connection, journal)
      identity = fileIdentity(file, journal !== 'rollback')
      if (sizeOf(connection) <= checkedBytes) check()
    }
    // With a rollback journal, NORMAL may damage the file in a power cut, which WAL does not.
    connection.exec(`pragma synchronous = ${journal === 'rollback' ? 'full' : durability}`)
    configured = true
  }

  function check(): void {
    const [finding] = findingsIn(connection, 'full', 1)
    if (finding === undefined) return
    fault = damaged(finding)
    throw fault
  }

  /** Looks whether the file is still at its path. Once it is not, no unit is begun any more. */
  function look(): FileChange | undefined {
    lookedAt = performance.now()
    const change = identity?.change()
    if (change !== undefined) fault ??= new StoreFailure(change.message, 'nothingWritten')
    return change
  }

  /** The failure of a unit that has changed nothing. After an error that shows damage, no unit is begun any more. */
  function failureOf(error: unknown): StoreFailure {
    if (error instanceof StoreFailure) return error
    const message = error instanceof Error ? error.message : String(error)
    if (look() !== undefined && fault !== undefined) return fault
    if (troubleOf(error) !== 'damaged') {
      const outcome = sqliteOutcomeOf(error)
      return new StoreFailure(message, outcome, error, outcome === 'refused' ? sqliteRowLimit : undefined)
    }
    fault ??= damaged(message)
    return fault
  }

  /** Runs a unit again and again while another process is in the way; one that waits inside is alone until its end. */
  function untilFree<Result>(unit: () => MaybePromise<Result>): MaybePromise<Result> {
    if (held !== undefined) return afterHeld(held, unit)
    try {
      configure()
      return unit()
    } catch (error) {
      if (troubleOf(error) !== 'busy') throw failureOf(error)
      return whenFree(unit)
    }
  }

  async function afterHeld<Result>(ended: Promise<void>, unit: () => MaybePromise<Result>): Promise<Result> {
    await ended
    // The next one may have begun.
    return untilFree(unit)
  }

  async function whenFree<Result>(unit: () => MaybePromise<Result>): Promise<Result> {
    const pause = pauses(patience)
    while (await pause()) {
      if (held !== undefined) return afterHeld(held, unit)
      try {
        configure()
        return unit()
      } catch (error) {
        if (troubleOf(error) !== 'busy') throw failureOf(error)
      }
    }
    const reason = configured
      ? `another process held the database for ${busyMilliseconds} ms`
      : lockedOut(connection, library?.version ?? '', library?.journal ?? options.journal ?? 'wal')
    throw new StoreFailure(reason, 'nothingWritten')
  }

  function readAll(statements: readonly Statement[]): readonly (readonly Row[])[] {
    const rows = ({ sql, parameters }: Statement): readonly Row[] => rowsOf(prepared.get(sql), parameters)
    if (statements.length === 1) return statements.map(rows)
    connection.exec('begin')
    try {
      const answers = statements.map(rows)
      connection.exec('commit')
      return answers
    } catch (error) {
      rollBack()
      throw error
    }
  }

  function writeAll(steps: readonly Step[]): MaybePromise<WriteEnd> {
    begin()
    const end = runFrom(steps, 0)
    if (typeof end === 'number') return writeHeld(steps, end)
    if (end !== 'written') return end
    return commit() ? 'written' : commitHeld()
  }

  /** Runs steps of the open transaction; the number of the next one if a long write is to rest before it. */
  function runFrom(steps: readonly Step[], first: number): WriteEnd | number {
    const begun = performance.now()
    try {
      for (const [number, { sql, parameters, mustChange }] of steps.entries()) {
        if (number < first) continue
        if (steps.length > stepsAtOnce && number > first && performance.now() - begun > stretchMilliseconds)
          return number
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
    return 'written'
  }

  /** The rest of a long write: others of this process have turns in between, and their units wait until it has ended. */
  async function writeHeld(steps: readonly Step[], first: number): Promise<WriteEnd> {
    const release = hold()
    try {
      for (let end: WriteEnd | number = first; ; ) {
        if (typeof end !== 'number') return end !== 'written' || commit() ? end : await commitWhenFree()
        await new Promise<void>((resume) => setTimeout(resume, 0))
        end = runFrom(steps, end)
      }
    } catch (error) {
      throw failureOf(error)
    } finally {
      release()
    }
  }

  /** Takes the write lock. Nobody can change the journal mode of the file from here to the end of the transaction. */
  function begin(): void {
    connection.exec('begin immediate')
    if (library?.journal !== 'rollback' || file === undefined) return
    if (journalModeOf(connection) !== 'wal') return
    rollBack()
    fault = new StoreFailure(
      `Another process has switched the file to WAL mode, in which SQLite ${library.version} must not write. Run all processes on the same Node, or all in journal mode rollback, and start this one again.`,
      'nothingWritten',
    )
    throw fault
  }

  /** False if readers of other processes are in the way; the transaction is still open then. */
  function commit(): boolean {
    try {
      connection.exec('commit')
    } catch (error) {
      if (troubleOf(error) === 'busy') return false
      rollBack()
      if (troubleOf(error) === 'damaged') failureOf(error)
      throw new StoreFailure('COMMIT failed', 'unknown', error)
    }
    // Before it is acknowledged: a commit to a file that is no longer at its path is lost with this process.
    const change = look()
    if (change !== undefined) throw new StoreFailure(change.message, 'unknown')
    return true
  }

  /**
   * With a rollback journal, COMMIT waits until nobody reads. The transaction stays open meanwhile, for SQLite lets no new
   * reader in then: to begin anew would let them in, and a writer might never get its turn.
   */
  async function commitHeld(): Promise<'written'> {
    const release = hold()
    try {
      return await commitWhenFree()
    } finally {
      release()
    }
  }

  async function commitWhenFree(): Promise<'written'> {
    const pause = pauses(patience)
    while (await pause()) if (commit()) return 'written'
    rollBack()
    throw new StoreFailure(`another process has been reading for ${busyMilliseconds} ms`, 'nothingWritten')
  }

  /** Has what comes from now on wait; gives what ends the wait. */
  function hold(): () => void {
    let resume = (): void => {}
    held = new Promise((resolve) => {
      resume = resolve
    })
    return () => {
      held = undefined
      resume()
    }
  }

  /** Opens the transaction of a schema change; gives what ends the wait of the others. */
  function beginChange(): () => void {
    begin()
    return hold()
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
    lists: embeddedLists(),
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
        const pause = pauses(patience)
        while (!commit()) {
          if (!(await pause())) throw new StoreFailure('other processes did not stop reading', 'nothingWritten')
        }
        return result
      } catch (error) {
        rollBack()
        throw error instanceof Error && 'code' in error ? failureOf(error) : error
      } finally {
        end()
      }
    },
    close() {
      // By itself SQLite does this when the last connection closes; libsql leaves it undone while statements are prepared,
      // and whoever then copies the file without the one beside it has half of the data. Others may be at work: never mind.
      const change = look()
      // To close it would remove the log that is at the path now, which may be that of another connection.
      if (change?.what === 'log') return
      if (fault === undefined) {
        try {
          connection.prepare('pragma wal_checkpoint(truncate)').all()
        } catch {}
      }
      connection.close()
    },
  }
}

/** What is used of SQLite: which version of the library, and which journal. */
interface SqliteLibrary {
  readonly version: string
  readonly journal: SqliteJournal
}

function libraryOf(connection: SqliteConnection, named: SqliteJournal | undefined): SqliteLibrary {
  const version = versionOf(connection)
  return { version, journal: journalFor(version, named) }
}
