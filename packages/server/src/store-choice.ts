import { resolve } from 'node:path'
import type { SqliteEngine, SqliteJournal } from '@scimkit/sql-provider/sqlite'

/** Attributes that can be found by index beside the usual ones, by resource type. */
export type IndexedAttributes = Readonly<Record<string, readonly string[]>>

/** What `--durability` can name: a power cut survived, or only the end of the process. */
export const durabilities = ['full', 'normal'] as const
export type Durability = (typeof durabilities)[number]

/** What `--journal` and `--sqlite-engine` can name. Listed here, since databases are loaded only when asked for. */
export const journals: readonly SqliteJournal[] = ['wal', 'rollback', 'wal-exclusive']
export const engines: readonly SqliteEngine[] = ['node:sqlite', 'better-sqlite3', 'libsql']

/** Where resources live, as the flags say; `history` is how many versions of each are remembered. */
export type StoreChoice =
  | { readonly kind: 'memory'; readonly history: number }
  | {
      readonly kind: 'sqlite'
      /** Absolute. */
      readonly path: string
      readonly durability: Durability
      /** Undefined: what suits the SQLite that opens the file. */
      readonly journal: SqliteJournal | undefined
      readonly engine: SqliteEngine | undefined
      readonly indexes: IndexedAttributes
      readonly history: number
    }
  | {
      readonly kind: 'postgres'
      readonly url: string
      /** Whether connections come from a pooler that lends them by transaction. */
      readonly pooler: boolean
      /** Most connections at once; undefined: the provider's default. */
      readonly connections: number | undefined
      readonly indexes: IndexedAttributes
      readonly history: number
    }

/** What `--store` says, before the other flags have had their say. */
export type NamedStore =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

const forms = 'Expected memory, sqlite:PATH or postgres://USER@HOST:PORT/DATABASE.'

/**
 * Reads `memory`, `sqlite:people.db` and `postgres://…`. Throws a TypeError for anything else; its message never repeats
 * the text, which may hold a password.
 */
export function parseStore(text: string): NamedStore {
  if (text === 'memory') return { kind: 'memory' }
  if (text.startsWith('sqlite:')) return sqliteFile(text.slice('sqlite:'.length))
  if (!/^postgres(ql)?:/.test(text)) throw new TypeError(forms)
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new TypeError(`This is no URL of a PostgreSQL database. ${forms}`)
  }
  return { kind: 'postgres', url: text }
}

/** A database file by its path, relative to where we are. Throws a TypeError for what is no path. */
export function sqliteFile(path: string): Extract<NamedStore, { kind: 'sqlite' }> {
  if (path === '') throw new TypeError('The path of the SQLite file is empty.')
  if (path === ':memory:') throw new TypeError('For a database in memory say --store memory.')
  // A URL as a path would be shown, with its password, in every message about the file.
  if (path.includes('://') || isKeyValueText(path)) {
    throw new TypeError(`This is the address of a database, not the path of a file. ${forms}`)
  }
  // Other programs write sqlite:///…; how many slashes mean what differs among them.
  if (path.startsWith('//')) throw new TypeError('Write sqlite:PATH, without // after the colon.')
  return { kind: 'sqlite', path: resolve(path) }
}

// The key=value form of libpq: `host=db.example password=secret`.
function isKeyValueText(text: string): boolean {
  return /(^|\s)(host|hostaddr|user|password|dbname|service)\s*=/i.test(text)
}
