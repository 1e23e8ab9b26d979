import type { SqliteEngine, SqliteJournal } from '@scimkit/sql-provider/sqlite'
import { type Command, Option } from 'commander'
import {
  type Durability,
  durabilities,
  engines,
  journals,
  type NamedStore,
  parseStore,
  type StoreChoice,
  sqliteFile,
} from '../store/store-choice.js'
import { wholeNumber } from './flag-values.js'
import { parseIndexes } from './index-flag.js'

/** The flags that select the store, the same in all commands. */
export interface StoreFlags {
  readonly store?: string
  readonly data?: string
  readonly durability?: Durability
  readonly journal?: SqliteJournal
  readonly sqliteEngine?: SqliteEngine
  readonly pooler?: boolean
  readonly connections?: number
  readonly index: readonly string[]
  /** Only a command that writes resources has it. */
  readonly history?: number
}

/** Adds the flags of the store to a command. */
export function addStoreFlags(command: Command): Command {
  return command
    .option(
      '--store <where>',
      'memory, sqlite:PATH or postgres://USER@HOST:PORT/DATABASE (default: sqlite:scimkit.db in the working directory)',
    )
    .option('--data <file>', 'short for --store sqlite:FILE')
    .addOption(
      new Option(
        '--durability <how>',
        'SQLite: acknowledged writes survive a power failure (full) or only the end of the process (normal) (default: full)',
      ).choices(durabilities),
    )
    .addOption(
      new Option(
        '--journal <mode>',
        'SQLite: wal and rollback are for several processes on one file, wal-exclusive is for one (default: wal if this SQLite has the fix of the WAL-reset bug, else rollback)',
      ).choices(journals),
    )
    .addOption(
      new Option(
        '--sqlite-engine <name>',
        'the SQLite library to use (default: the first with the fix of the WAL-reset bug, else libsql)',
      ).choices(engines),
    )
    .option('--pooler', 'PostgreSQL: the URL is that of a pooler in transaction mode (PgBouncer, Neon, Supabase)')
    .option('--connections <number>', 'PostgreSQL: maximum number of connections (default: 10)', wholeNumber(1, 1_000))
    .option(
      '--index <type:path>',
      'one more attribute with an index for filters and sorts, such as User:name.familyName; may be repeated',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
}

/** The store that the flags select; `file` is the default. Ends the command with a usage error if flags exclude each other. */
export function chosenStore(flags: StoreFlags, command: Command, file: string): StoreChoice {
  const { store, data, durability, journal, sqliteEngine: engine, pooler, connections, index, history = 0 } = flags
  if (store !== undefined && data !== undefined) command.error('error: --store cannot be used with --data.')
  const named = or(command, '--store', (): NamedStore => {
    return store === undefined ? sqliteFile(data ?? file) : parseStore(store)
  })
  if (named.kind !== 'sqlite') {
    const onlySqlite = { '--durability': durability, '--journal': journal, '--sqlite-engine': engine }
    for (const [flag, value] of Object.entries(onlySqlite)) {
      if (value !== undefined) command.error(`error: ${flag} is supported for SQLite only.`)
    }
  }
  if (named.kind !== 'postgres') {
    if (pooler === true) command.error('error: --pooler is supported for PostgreSQL only.')
    if (connections !== undefined) command.error('error: --connections is supported for PostgreSQL only.')
  }
  if (named.kind === 'memory') {
    if (index.length > 0) command.error('error: --index is supported for SQLite and PostgreSQL only.')
    return { ...named, history }
  }
  const indexes = or(command, '--index', () => parseIndexes(index))
  if (named.kind === 'postgres') return { ...named, pooler: pooler === true, connections, indexes, history }
  return { ...named, durability: durability ?? 'full', journal, engine, indexes, history }
}

// Commander's own errors quote the value, and a URL may contain a password.
function or<Value>(command: Command, flag: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return command.error(`error: ${flag}: ${error.message}`)
  }
}
