/** Detects a damaged SQLite file, and has the error text for it. */

import { StoreFailure } from '../store-failure.js'
import type { SqliteConnection } from './api.js'

/** Files up to this size are checked when they are opened, which takes about a second; larger ones by `scimkit check`. */
export const checkedBytes = 67_108_864

/** The size of the database in bytes, according to its header. */
export function sizeOf(connection: SqliteConnection): number {
  return numberOf(connection, 'page_count') * numberOf(connection, 'page_size')
}

/**
 * The problems of a file as SQLite reports them, at most `most`; empty for a sound file. `full` also compares each index with
 * its table, which finds missing entries and takes several times as long. Throws SQLite's error if the check itself fails.
 */
export function findingsIn(connection: SqliteConnection, depth: 'quick' | 'full', most: number): readonly string[] {
  const check = depth === 'full' ? 'integrity_check' : 'quick_check'
  const rows = connection.prepare(`pragma ${check}(${most})`).all() as readonly Record<string, unknown>[]
  const findings = rows.map((row) => String(row[check]))
  return findings.length === 1 && findings[0] === 'ok' ? [] : findings
}

/** The failure of a damaged file. It serves no more answers, because they may be wrong, such as 404 for an existing resource. */
export function damaged(finding: string): StoreFailure {
  const [line = ''] = finding.split('\n').filter((text) => !text.startsWith('***'))
  return new StoreFailure(
    `The SQLite file is damaged (${line}). All reads and writes are refused. Stop all processes, keep a copy of the file and of its -wal and -journal files, run \`scimkit check\`, and restore a backup.`,
    'nothingWritten',
  )
}

function numberOf(connection: SqliteConnection, pragma: string): number {
  const [row] = connection.prepare(`pragma ${pragma}`).all() as readonly Record<string, unknown>[]
  return Number(row?.[pragma])
}
