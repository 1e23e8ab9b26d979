/** A SQLite file that cannot be trusted any more: how that is found, and what is said about it. */
import type { SqliteConnection } from './sqlite-api.js'
import { StoreFailure } from './store-failure.js'

/** Files up to this size are checked when they are opened, which takes about a second; larger ones by `scimkit check`. */
export const checkedBytes = 67_108_864

/** The size of the database in bytes, as its header says. */
export function sizeOf(connection: SqliteConnection): number {
  return numberOf(connection, 'page_count') * numberOf(connection, 'page_size')
}

/**
 * What is wrong with a file, as SQLite says it, `most` findings at most; empty if nothing is. `full` compares each index
 * with its table too, which finds entries that are missing and takes several times as long. Throws SQLite's error where it
 * cannot even look.
 */
export function findingsIn(connection: SqliteConnection, depth: 'quick' | 'full', most: number): readonly string[] {
  const check = depth === 'full' ? 'integrity_check' : 'quick_check'
  const rows = connection.prepare(`pragma ${check}(${most})`).all() as readonly Record<string, unknown>[]
  const findings = rows.map((row) => String(row[check]))
  return findings.length === 1 && findings[0] === 'ok' ? [] : findings
}

/** The failure of a damaged file. An answer from it may be wrong, 404 for what is there above all, so there are none. */
export function damaged(finding: string): StoreFailure {
  const [line = ''] = finding.split('\n').filter((text) => !text.startsWith('***'))
  return new StoreFailure(
    `The SQLite file is damaged (${line}). Nothing is read or written any more. Stop all processes, keep a copy of the file and of those beside it (-wal, -journal), run \`scimkit check\`, and restore a backup.`,
    'nothingWritten',
  )
}

function numberOf(connection: SqliteConnection, pragma: string): number {
  const [row] = connection.prepare(`pragma ${pragma}`).all() as readonly Record<string, unknown>[]
  return Number(row?.[pragma])
}
