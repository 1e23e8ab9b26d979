/**
 * Whether the file that a connection has open is still the one at its path. A backup moved over it, `rm`, or a second
 * SQLite library in the same process (which takes away the locks when it closes the file, and then removes the log) leave
 * the connection with a file that nobody will read again: what it commits there is lost.
 */
import { statSync } from 'node:fs'

/** Looks after one open database file. */
export interface FileIdentity {
  /** What has happened to the file or its log, in one line for the log of the server; undefined if nothing has. */
  change(): FileChange | undefined
}

/** What was replaced or removed. */
export interface FileChange {
  readonly what: 'file' | 'log'
  readonly message: string
}

/** Remembers the file now, and its write-ahead log, if it `hasLog`, as soon as that is there. */
export function fileIdentity(file: string, hasLog: boolean): FileIdentity {
  const log = `${file}-wal`
  const known = identityOf(file)
  let knownLog = hasLog ? identityOf(log) : undefined
  return {
    change() {
      if (identityOf(file) !== known) return { what: 'file', message: fileMessage(file) }
      if (!hasLog) return undefined
      const now = identityOf(log)
      knownLog ??= now
      return now === knownLog ? undefined : { what: 'log', message: logMessage(log) }
    },
  }
}

/** Device and number of a file; undefined if there is none, or none that can be looked at. */
function identityOf(path: string): string | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found && `${found.dev}:${found.ino}`
  } catch {
    return undefined
  }
}

const remedy =
  'What is written now would be lost, so nothing is read or written any more. Stop all processes that use the file, run `scimkit check`, and start them again.'

function fileMessage(file: string): string {
  return `The file ${file} was replaced or removed while it was open, by a backup moved over it or by rm. ${remedy}`
}

function logMessage(log: string): string {
  return `The write-ahead log ${log} was replaced or removed while it was open, by rm or by a second SQLite library that opened the file in the same process. ${remedy}`
}
