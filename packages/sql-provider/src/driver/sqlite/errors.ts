/** The meaning of the native drivers' errors; each driver has its own property for SQLite's result code. */
import type { FailureOutcome } from '../store-failure.js'

/**
 * The meaning of an SQLite error for a unit of work. `damaged`: the content of the file cannot be trusted. `tooLarge`: a value
 * or a row exceeds the limit of SQLite. `rejected`: SQLite rejected the statement itself.
 */
export type SqliteTrouble = 'busy' | 'taken' | 'guard' | 'damaged' | 'tooLarge' | 'full' | 'rejected' | 'failure'

const busy = 5
const locked = 6
const corrupt = 11
const full = 13
const tooLarge = 18
const generic = 1
const readOnly = 8
const notAuthorized = 23
const rejected: ReadonlySet<number> = new Set([generic, readOnly, notAuthorized])
const noDatabase = 26
const checkFailed = 275
const primaryKeyTaken = 1555
const uniqueTaken = 2067
const codes: Readonly<Record<string, number>> = {
  SQLITE_BUSY: busy,
  SQLITE_LOCKED: locked,
  SQLITE_NOTADB: noDatabase,
  SQLITE_ERROR: generic,
  SQLITE_READONLY: readOnly,
  SQLITE_AUTH: notAuthorized,
  SQLITE_FULL: full,
  SQLITE_TOOBIG: tooLarge,
  SQLITE_CONSTRAINT_CHECK: checkFailed,
  SQLITE_CONSTRAINT_PRIMARYKEY: primaryKeyTaken,
  SQLITE_CONSTRAINT_UNIQUE: uniqueTaken,
}

/** Classifies an error. Extended codes of SQLITE_BUSY are `busy` too, those of SQLITE_CORRUPT are `damaged`. */
export function troubleOf(error: unknown): SqliteTrouble {
  const code = resultCode(error)
  if (code === undefined) return 'failure'
  if (code === uniqueTaken || code === primaryKeyTaken) return 'taken'
  if (code === checkFailed) return 'guard'
  const primary = code & 0xff
  if (primary === corrupt || primary === noDatabase) return 'damaged'
  if (primary === tooLarge) return 'tooLarge'
  if (primary === full) return 'full'
  if (rejected.has(primary)) return 'rejected'
  return primary === busy || primary === locked ? 'busy' : 'failure'
}

/** True for the error of a file that is no SQLite database at all. */
export function isNoDatabase(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === noDatabase
}

// `errcode` is the number in node:sqlite, `code` is the name in libsql and better-sqlite3, `rawCode` is the number in libsql.
function resultCode(error: unknown): number | undefined {
  // Not by class: an error may come from another realm than this module.
  if (typeof error !== 'object' || error === null) return undefined
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode
  if (!('code' in error) || typeof error.code !== 'string') return undefined
  if (error.code.startsWith('SQLITE_BUSY')) return busy
  if (error.code.startsWith('SQLITE_CORRUPT')) return corrupt
  return codes[error.code]
}

/** The sentence for a client whose value or resource is too large. */
export const sqliteRowLimit =
  'A value or the whole resource is larger than SQLite stores in one value or row (SQLITE_MAX_LENGTH, 1,000,000,000 bytes unless SQLite is built otherwise).'

/** The outcome of a unit that changed nothing and ended with this error. */
export function sqliteOutcomeOf(error: unknown): Exclude<FailureOutcome, 'unknown'> {
  const trouble = troubleOf(error)
  switch (trouble) {
    case 'tooLarge':
      return 'refused'
    case 'full':
    case 'rejected':
      return trouble
    case 'busy':
    case 'taken':
    case 'guard':
    case 'damaged':
    case 'failure':
      return 'nothingWritten'
  }
}
