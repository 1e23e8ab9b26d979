import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseIndexes } from './index-flag.js'
import {
  type Durability,
  durabilities,
  type NamedStore,
  parseStore,
  type StoreChoice,
  sqliteFile,
} from './store-choice.js'

/** The flags that say where resources live, alike in all commands. */
export interface StoreFlags {
  readonly store?: string
  readonly data?: string
  readonly durability?: Durability
  readonly pooler?: boolean
  readonly connections?: number
  readonly index: readonly string[]
  /** Only a command that writes resources has it. */
  readonly history?: number
}

/** Gives a command the flags of the store. */
export function addStoreFlags(command: Command): Command {
  return command
    .option(
      '--store <where>',
      'memory, sqlite:PATH or postgres://USER@HOST:PORT/DATABASE (default: sqlite:scimkit.db in this folder)',
    )
    .option('--data <file>', 'short for --store sqlite:FILE')
    .addOption(
      new Option(
        '--durability <how>',
        'SQLite: what an acknowledged write survives, a power cut or the end of the process (default: full)',
      ).choices(durabilities),
    )
    .option(
      '--pooler',
      'PostgreSQL: the URL leads to a pooler that lends connections by transaction (PgBouncer, Neon, Supabase)',
    )
    .option('--connections <number>', 'PostgreSQL: most connections at once (default: 10)', parseConnections)
    .option(
      '--index <type:path>',
      'one more attribute to find and sort by index, such as User:name.familyName; may be repeated',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
}

/** What the flags say together; `file` is the database if they name none. Ends the command with a usage error. */
export function chosenStore(flags: StoreFlags, command: Command, file: string): StoreChoice {
  const { store, data, durability, pooler, connections, index, history = 0 } = flags
  if (store !== undefined && data !== undefined) command.error('error: --store or --data, not both.')
  const named = or(command, '--store', (): NamedStore => {
    return store === undefined ? sqliteFile(data ?? file) : parseStore(store)
  })
  if (durability !== undefined && named.kind !== 'sqlite') command.error('error: --durability is for SQLite only.')
  if (pooler === true && named.kind !== 'postgres') command.error('error: --pooler is for PostgreSQL only.')
  if (connections !== undefined && named.kind !== 'postgres') {
    command.error('error: --connections is for PostgreSQL only.')
  }
  if (named.kind === 'memory') {
    if (index.length > 0) command.error('error: --index is for SQLite and PostgreSQL; memory has no indexes to name.')
    return { ...named, history }
  }
  const indexes = or(command, '--index', () => parseIndexes(index))
  if (named.kind === 'postgres') return { ...named, pooler: pooler === true, connections, indexes, history }
  return { ...named, durability: durability ?? 'full', indexes, history }
}

// Not commander's own way, which repeats the value: a URL may hold a password.
function or<Value>(command: Command, flag: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return command.error(`error: ${flag}: ${error.message}`)
  }
}

function parseConnections(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 1 && value <= 1_000) return value
  throw new InvalidArgumentError('Expected a whole number from 1 to 1000.')
}
