/**
 * Checks whether the open file of a connection is still the one at its path. After a backup was moved over it, after `rm`, or
 * after a second SQLite library in the same process closed the file (which releases the locks, and then removes the log), the
 * connection has a file that no process will open again: its commits are lost.
 */
import { statSync } from 'node:fs'

/** Watches one open database file. */
export interface FileIdentity {
  /** The change of the file or its write-ahead log, with one line for the server's log; undefined if there is no change. */
  change(): FileChange | undefined
}

/** The file that was replaced or removed. */
export interface FileChange {
  readonly what: 'file' | 'log'
  readonly message: string
}

/** Remembers the identity of the file now, and of its write-ahead log, if it `hasLog`, as soon as the log exists. */
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

/** Device and inode number of a file; undefined if it does not exist or cannot be read. */
function identityOf(path: string): string | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found && `${found.dev}:${found.ino}`
  } catch {
    return undefined
  }
}

const remedy =
  'New writes would be lost, so all reads and writes are refused. Stop all processes that use the file, run `scimkit check`, and start them again.'

function fileMessage(file: string): string {
  return `The file ${file} was replaced or removed while it was open, by a backup moved over it or by rm. ${remedy}`
}

function logMessage(log: string): string {
  return `The write-ahead log ${log} was replaced or removed while it was open, by rm or by a second SQLite library that opened the file in the same process. ${remedy}`
}
