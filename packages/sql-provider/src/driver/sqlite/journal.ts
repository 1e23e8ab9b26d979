/** The journal of a SQLite file: the choice of its mode, and the switch to it. */
import type { SqliteConnection } from './api.js'
import { hasWalFix } from './version.js'

/**
 * How SQLite makes a unit of work atomic, and which processes may share the file.
 * - `wal`: a write-ahead log. Several processes; readers and a writer do not block each other. Only for an SQLite that has
 *   the fix of the WAL-reset bug.
 * - `rollback`: a rollback journal. Several processes; while one commits, the others wait. Slower writes. For any SQLite.
 * - `wal-exclusive`: a write-ahead log and an exclusive lock. One connection; every other one is rejected. For any SQLite.
 */
export type SqliteJournal = 'wal' | 'rollback' | 'wal-exclusive'

const sqliteJournals: readonly SqliteJournal[] = ['wal', 'rollback', 'wal-exclusive']

// A large migration would leave a journal of its size behind.
const journalBytesKept = 1_048_576

/**
 * The journal for a version of SQLite, unless the host names one. Throws a TypeError for an unknown name, and an Error if the
 * version must not share a file in WAL mode.
 */
export function journalFor(version: string, named: SqliteJournal | undefined): SqliteJournal {
  if (named === undefined) return hasWalFix(version) ? 'wal' : 'rollback'
  if (!sqliteJournals.includes(named)) {
    throw new TypeError(`journal: expected ${sqliteJournals.join(', ')}, got ${String(named)}`)
  }
  if (named !== 'wal' || hasWalFix(version)) return named
  throw new Error(
    `SQLite ${version} has the WAL-reset bug and must not share a file in WAL mode. Use journal mode rollback or wal-exclusive, or a Node with a newer SQLite, such as Node 24.`,
  )
}

/** The path of the database file; undefined for a database in memory. */
export function fileOf(connection: SqliteConnection): string | undefined {
  const rows = connection.prepare('pragma database_list').all() as readonly { name?: unknown; file?: unknown }[]
  const file = rows.find(({ name }) => name === 'main')?.file
  return typeof file === 'string' && file !== '' ? file : undefined
}

/** The current journal mode of a connection, by SQLite's name. It reads the header of the file. */
export function journalModeOf(connection: SqliteConnection): string {
  return answerOf(connection, 'pragma journal_mode')
}

/**
 * Switches the file and the connection to a journal. A file that is in WAL mode is checkpointed and switched to a rollback
 * journal only while no other connection has it open, which SQLite ensures with its exclusive lock; otherwise this throws
 * SQLite's BUSY. Throws an Error if SQLite reports another mode than the requested one.
 */
export function enterJournal(connection: SqliteConnection, journal: SqliteJournal): void {
  switch (journal) {
    case 'wal':
      switchTo(connection, 'wal')
      break
    case 'wal-exclusive':
      // Before the first access to the log: then the lock covers the log too, and nothing is shared.
      connection.exec('pragma locking_mode = exclusive')
      switchTo(connection, 'wal')
      break
    case 'rollback':
      // Of the rollback journals, this one needs no change of the directory per write, and FULL also syncs its end.
      switchTo(connection, 'persist')
      connection.exec(`pragma journal_size_limit = ${journalBytesKept}`)
  }
}

/** The reason why a file could not be opened in a journal mode before the time limit. */
export function lockedOut(connection: SqliteConnection, version: string, journal: SqliteJournal): string {
  switch (journal) {
    case 'wal-exclusive':
      return 'Another process has the file open; in journal mode wal-exclusive only one process can use it. Stop the other one.'
    case 'rollback':
      if (!isInWal(connection)) break
      return `The file is in WAL mode and another process has it open, so SQLite ${version} cannot switch it to a rollback journal. Stop the other process, or run this one on Node 24 as well.`
    case 'wal':
      break
  }
  return 'The file is locked by another process: one in journal mode wal-exclusive, or one that has been writing for seconds. Stop it, or run all processes in a journal mode that shares the file.'
}

function isInWal(connection: SqliteConnection): boolean {
  try {
    return journalModeOf(connection) === 'wal'
  } catch {
    return false
  }
}

function switchTo(connection: SqliteConnection, mode: string): void {
  const answer = answerOf(connection, `pragma journal_mode = ${mode}`)
  if (answer === mode) return
  throw new Error(
    `SQLite cannot use journal mode ${mode} for this file: it stays in ${answer}. Is it on a network file system?`,
  )
}

function answerOf(connection: SqliteConnection, pragma: string): string {
  const [row] = connection.prepare(pragma).all() as readonly { journal_mode?: unknown }[]
  return String(row?.journal_mode)
}
