import { resolve } from 'node:path'
import type { SqliteEngine, SqliteJournal } from '@scimkit/sql-provider/sqlite'

/** Attributes with an index in addition to the default ones, by resource type. */
export type IndexedAttributes = Readonly<Record<string, readonly string[]>>

/** The values of `--durability`: acknowledged writes survive a power failure, or only the end of the process. */
export const durabilities = ['full', 'normal'] as const
export type Durability = (typeof durabilities)[number]

/** The values of `--journal` and `--sqlite-engine`. Listed here because the database packages are loaded on first use. */
export const journals: readonly SqliteJournal[] = ['wal', 'rollback', 'wal-exclusive']
export const engines: readonly SqliteEngine[] = ['node:sqlite', 'better-sqlite3', 'libsql']

/** The store that the flags select; `history` is the number of versions of each resource whose changes are stored. */
export type StoreChoice =
  | { readonly kind: 'memory'; readonly history: number }
  | {
      readonly kind: 'sqlite'
      /** Absolute. */
      readonly path: string
      readonly durability: Durability
      /** Undefined: the default for the SQLite library that opens the file. */
      readonly journal: SqliteJournal | undefined
      readonly engine: SqliteEngine | undefined
      readonly indexes: IndexedAttributes
      readonly history: number
    }
  | {
      readonly kind: 'postgres'
      readonly url: string
      /** Whether the URL is that of a pooler in transaction mode. */
      readonly pooler: boolean
      /** Maximum number of connections; undefined: the provider's default. */
      readonly connections: number | undefined
      readonly indexes: IndexedAttributes
      readonly history: number
    }

/** The store of `--store` alone, without the other flags. */
export type NamedStore =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

const forms = 'Expected memory, sqlite:PATH or postgres://USER@HOST:PORT/DATABASE.'

/**
 * Parses `memory`, `sqlite:people.db` and `postgres://…`. Throws a TypeError for any other text; its message never quotes
 * the text, which may contain a password.
 */
export function parseStore(text: string): NamedStore {
  if (text === 'memory') return { kind: 'memory' }
  if (text.startsWith('sqlite:')) return sqliteFile(text.slice('sqlite:'.length))
  if (!/^postgres(ql)?:/.test(text)) throw new TypeError(forms)
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new TypeError(`Not a PostgreSQL URL. ${forms}`)
  }
  return { kind: 'postgres', url: text }
}

/** A database file by its path, relative to the working directory. Throws a TypeError for a text that is not a path. */
export function sqliteFile(path: string): Extract<NamedStore, { kind: 'sqlite' }> {
  if (path === '') throw new TypeError('The path of the SQLite file is empty.')
  if (path === ':memory:') throw new TypeError('For a database in memory use --store memory.')
  // Messages about a file quote its path: a URL as a path would be shown with its password.
  if (path.includes('://') || isKeyValueText(path)) {
    throw new TypeError(`This is the address of a database, not the path of a file. ${forms}`)
  }
  // Other programs write sqlite:///…; the meaning of the number of slashes differs among them.
  if (path.startsWith('//')) throw new TypeError('Write sqlite:PATH, without // after the colon.')
  return { kind: 'sqlite', path: resolve(path) }
}

// The key=value form of libpq: `host=db.example password=secret`.
function isKeyValueText(text: string): boolean {
  return /(^|\s)(host|hostaddr|user|password|dbname|service)\s*=/i.test(text)
}
