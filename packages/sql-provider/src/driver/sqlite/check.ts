import { StoreFailure } from '../store-failure.js'
import { openSqlite } from './connection.js'
import { damaged, findingsIn } from './damage.js'
import type { SqliteEngine } from './engines.js'
import { troubleOf } from './errors.js'
import { enterJournal, journalFor, lockedOut, type SqliteJournal } from './journal.js'
import { versionOf } from './version.js'

/** How to open the file. */
export interface CheckSqliteOptions {
  readonly engine?: SqliteEngine
  /** The journal mode of the processes that use the file. */
  readonly journal?: SqliteJournal
}

const patience = 5_000
const mostFindings = 20

/**
 * Checks a whole SQLite file, every index against its table; returns the problems in SQLite's words, or an empty list. Takes
 * minutes for a large file and blocks this process; other processes may use the file meanwhile, but cannot write with a rollback
 * journal. Throws a StoreFailure if the file is locked or is not a database, and an Error if it cannot be opened.
 */
export function checkSqlite(path: string, { engine, journal: named }: CheckSqliteOptions = {}): readonly string[] {
  const connection = openSqlite(path, engine)
  try {
    connection.exec(`pragma busy_timeout = ${patience}`)
    let version = ''
    try {
      version = versionOf(connection)
      enterJournal(connection, journalFor(version, named))
      return findingsIn(connection, 'full', mostFindings)
    } catch (error) {
      const trouble = troubleOf(error)
      const journal = named ?? (version === '' ? 'wal' : journalFor(version, named))
      if (trouble === 'busy') throw new StoreFailure(lockedOut(connection, version, journal), 'nothingWritten')
      if (trouble === 'damaged') {
        const text = error instanceof Error ? error.message : String(error)
        // SQLite cannot check a file whose schema it cannot read; that is a finding too.
        if (text.includes('malformed')) return [text]
        throw damaged(text)
      }
      throw error
    }
  } finally {
    connection.close()
  }
}
