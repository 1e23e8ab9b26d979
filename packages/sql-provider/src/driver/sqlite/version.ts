import type { SqliteConnection } from './api.js'

/** The version of the SQLite library behind a connection: `3.45.1`. */
export function versionOf(connection: SqliteConnection): string {
  const [row] = connection.prepare('select sqlite_version() as version').all() as readonly { version?: unknown }[]
  return String(row?.version)
}

/**
 * Whether a version has the fix of the WAL-reset bug: 3.51.3 and later, and 3.50.7 and later of 3.50. Without it, a
 * checkpoint by one process while another process restarts the log loses committed transactions and damages the file. Later
 * releases of older branches count as versions without the fix, until one of them has been tested here.
 * @see https://sqlite.org/wal.html
 */
export function hasWalFix(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major !== 3) return major > 3
  if (minor === 50) return patch >= 7
  return minor > 51 || (minor === 51 && patch >= 3)
}
