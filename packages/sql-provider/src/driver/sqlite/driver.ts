/**
 * SQLite in this process. A unit of work runs from BEGIN to COMMIT without waiting, so no other work of this process can run in
 * between; BEGIN IMMEDIATE locks other processes out. While another process holds the lock, the unit waits before its BEGIN,
 * without blocking the event loop, and retries. Three operations wait inside their transaction, and other units wait for their
 * end: schema changes, writes of very many members, which yield to the event loop between their statements, and with a rollback
 * journal a COMMIT that waits for the readers of other processes.
 */
import type { InTransaction, MaybePromise } from '@scimkit/core/provider'
import { pauses } from '../back-off.js'
import type { Driver, Row, Statement, Step, WriteEnd } from '../driver.js'
import { callAtOnce, HostError, sqliteHost } from '../host-code.js'
import { embeddedLists } from '../list-work.js'
import { StoreFailure } from '../store-failure.js'
import { rowsOf, type SqliteConnection, type SqliteStatement } from './connection.js'
import { checkedBytes, damaged, findingsIn, sizeOf } from './damage.js'
import { sqliteOutcomeOf, sqliteRowLimit, troubleOf } from './errors.js'
import { type FileChange, type FileIdentity, fileIdentity } from './file-identity.js'
import { enterJournal, fileOf, journalFor, journalModeOf, lockedOut, type SqliteJournal } from './journal.js'
import { statementCache } from './statement-cache.js'
import { versionOf } from './version.js'

/** How SQLite is used. */
export interface SqliteDriverOptions {
  /**
   * The failures that a committed write survives. `full`: a power cut. `normal`: a killed process; a power cut may lose the last
   * writes, but never a part of one. With a rollback journal `normal` is the same as `full`, because less could damage the file.
   * Default `full`.
   */
  readonly durability?: 'full' | 'normal'
  /**
   * How writes are made atomic, and which processes may share the file. `wal`: several processes, on an SQLite that has the fix
   * of the WAL-reset bug. `rollback`: several processes, slower writes. `wal-exclusive`: this connection alone. Default `wal` if
   * the SQLite has the fix, else `rollback`. All processes on one file must use the same.
   */
  readonly journal?: SqliteJournal
  /** Milliseconds that a write waits for another process before the answer is 503. Default 5,000. */
  readonly busyMilliseconds?: number
}

// With a longer time, a process that waits inside SQLite blocks its event loop and starves the other processes (observed).
const nativeBusyMilliseconds = 50
const statementsKept = 500
// A write of more statements than this (only large groups need so many) yields to the event loop after so many milliseconds.
const stepsAtOnce = 24
const stretchMilliseconds = 5
// How long reads may continue from a file that is no longer at its path. Writes check each time.
const lookMilliseconds = 1_000
// SQLITE_MAX_VARIABLE_NUMBER of every build since 3.32.
const maxParameters = 32_766

/**
 * A driver on an open connection, which it owns from now on. Throws an Error if its SQLite must not use the journal of the
 * options. BEGIN, COMMIT and ROLLBACK are never prepared: after a BEGIN IMMEDIATE that found the file locked, libsql leaves a
 * prepared statement unfinished, which keeps the connection in an old snapshot; all its later reads would be stale.
 */
export function sqliteDriver(connection: SqliteConnection, options: SqliteDriverOptions = {}): Driver {
  const { durability = 'full', busyMilliseconds = 5_000 } = options
  const patience = { milliseconds: busyMilliseconds }
  connection.exec(`pragma busy_timeout = ${nativeBusyMilliseconds}`)
  const prepared = statementCache<SqliteStatement>(statementsKept, (sql) => connection.prepare(sql))
  /** Undefined for a database in memory, and before the first unit: reading it may need a lock that another process has. */
  let file: string | undefined
  let configured = false
  let library: SqliteLibrary | undefined
  try {
    library = libraryOf(connection, options.journal)
  } catch (error) {
    // The file is locked or is not a database; then the first unit waits, or throws.
    const trouble = troubleOf(error)
    if (trouble !== 'busy' && trouble !== 'damaged') throw error
  }
  /** Why the last COMMIT could not end yet. */
  let commitBlockedBy: unknown
  /** Resolves at the end of an operation that waits inside its transaction; undefined while there is none. */
  let held: Promise<void> | undefined
  /** Why the driver refuses all work: the file is damaged, or was replaced. */
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

  /** Checks whether the file is still at its path. If not, no unit begins any more. */
  function look(): FileChange | undefined {
    lookedAt = performance.now()
    const change = identity?.change()
    if (change !== undefined) fault ??= new StoreFailure(change.message, 'nothingWritten')
    return change
  }

  /** The failure of a unit that has changed nothing. After an error that shows damage, no unit begins any more. */
  function failureOf(error: unknown): Error {
    if (error instanceof StoreFailure || error instanceof HostError) return error
    const message = error instanceof Error ? error.message : String(error)
    if (look() !== undefined && fault !== undefined) return fault
    if (troubleOf(error) !== 'damaged') {
      const outcome = sqliteOutcomeOf(error)
      return new StoreFailure(message, outcome, error, outcome === 'refused' ? sqliteRowLimit : undefined)
    }
    fault ??= damaged(message)
    return fault
  }

  /** Runs a unit, with retries while another process holds the lock. A unit that waits inside its transaction runs alone. */
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
    // Another such operation may have begun.
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
      ? `database locked by another process for ${busyMilliseconds} ms`
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

  function writeAll(steps: readonly Step[], hostCode: InTransaction | undefined): MaybePromise<WriteEnd> {
    begin()
    const end = runFrom(steps, 0)
    if (typeof end === 'number') return writeHeld(steps, end, hostCode)
    if (end !== 'written') return end
    callHost(hostCode)
    return commit() ? 'written' : commitHeld()
  }

  /** Runs steps of the open transaction; returns the number of the next step if a long write must yield before it. */
  function runFrom(steps: readonly Step[], first: number): WriteEnd | number {
    const begun = performance.now()
    try {
      for (const [number, { sql, parameters, mustChange, returned }] of steps.entries()) {
        if (number < first) continue
        if (steps.length > stepsAtOnce && number > first && performance.now() - begun > stretchMilliseconds)
          return number
        if (returned !== undefined) {
          returned(rowsOf(prepared.get(sql), parameters))
          continue
        }
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

  /** The code of the host, in the open transaction; its error rolls the transaction back. */
  function callHost(hostCode: InTransaction | undefined): void {
    if (hostCode === undefined) return
    try {
      callAtOnce(hostCode, sqliteHost, ({ sql, parameters }) => rowsOf(prepared.get(sql), parameters))
    } catch (error) {
      rollBack()
      throw error
    }
  }

  /** The rest of a long write: other tasks of this process run in between, and their units wait for the end of the write. */
  async function writeHeld(
    steps: readonly Step[],
    first: number,
    hostCode: InTransaction | undefined,
  ): Promise<WriteEnd> {
    const release = hold()
    try {
      for (let end: WriteEnd | number = first; ; ) {
        if (end === 'written') callHost(hostCode)
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

  /** Takes the write lock. Until the end of the transaction, no process can change the journal mode of the file. */
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

  /**
   * False if readers of other processes block the commit, or a statement of the host on this connection that has not ended; then
   * the transaction is still open.
   */
  function commit(): boolean {
    try {
      connection.exec('commit')
    } catch (error) {
      if (troubleOf(error) === 'busy') {
        commitBlockedBy = error
        return false
      }
      rollBack()
      if (troubleOf(error) === 'damaged') failureOf(error)
      throw new StoreFailure('COMMIT failed', 'unknown', error)
    }
    // Checked before the write is acknowledged: a commit to a file that is no longer at its path is lost with this process.
    const change = look()
    if (change !== undefined) throw new StoreFailure(change.message, 'unknown')
    return true
  }

  /**
   * With a rollback journal, COMMIT waits for the end of all reads. The transaction stays open meanwhile, because SQLite then
   * admits no new readers: after a roll-back they would be admitted, and the writer might never commit.
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
    throw commitBlocked()
  }

  function commitBlocked(): StoreFailure {
    const text = commitBlockedBy instanceof Error ? commitBlockedBy.message : String(commitBlockedBy)
    return new StoreFailure(`COMMIT blocked for ${busyMilliseconds} ms: ${text}`, 'nothingWritten', commitBlockedBy)
  }

  /** Makes later units wait; returns the function that ends the wait. */
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

  /** Opens the transaction of a schema change; returns the function that ends the wait of other units. */
  function beginChange(): () => void {
    begin()
    return hold()
  }

  // SQLite may have rolled back by itself (disk full, I/O error); then ROLLBACK fails.
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
    write: (steps, hostCode) => untilFree(() => writeAll(steps, hostCode)),
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
          if (!(await pause())) throw commitBlocked()
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
      // SQLite does this when the last connection closes, but libsql does not while statements are prepared. A copy of the file
      // without its log would then lack data. The checkpoint may fail because other connections are active.
      const change = look()
      // A close would remove the log that is at the path now, which may belong to another connection.
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

/** The version of the SQLite library, and the journal in use. */
interface SqliteLibrary {
  readonly version: string
  readonly journal: SqliteJournal
}

function libraryOf(connection: SqliteConnection, named: SqliteJournal | undefined): SqliteLibrary {
  const version = versionOf(connection)
  return { version, journal: journalFor(version, named) }
}
