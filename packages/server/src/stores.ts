import type { ResourceProvider } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import type { Facts, MigrationProgress, MigrationReport } from '@scimkit/sql-provider'
import { memoryFacts } from './memory-facts.js'
import type { StoreChoice } from './store-choice.js'

/** A store that is there and has the tables of this version. */
export interface OpenStore {
  readonly provider: ResourceProvider
  /** What the server itself has to remember: hashes of its token and of passwords. */
  readonly facts: Facts
  /** Where the data is, for people: never with a password. */
  readonly place: string
  /** Whether the data is still there when the process is not. */
  readonly durable: boolean
  /** How many writes may be under way for the most of them to be done: one where they are done in this very process. */
  readonly writesAtOnce: number
  /** What opening it has done to its tables; undefined for memory, which has none. */
  readonly migration: MigrationReport | undefined
  close(): Promise<void>
}

/**
 * Opens a store and brings its tables up to date; `progress` is told when that takes long. Throws a CannotStart that
 * says why it cannot be used. Databases are loaded only when asked for.
 */
export async function openStore(choice: StoreChoice, progress: MigrationProgress): Promise<OpenStore> {
  switch (choice.kind) {
    case 'memory':
      return {
        provider: memoryProvider(),
        facts: memoryFacts(),
        place: 'memory',
        durable: false,
        writesAtOnce: 1,
        migration: undefined,
        close: async () => undefined,
      }
    case 'sqlite': {
      const { openSqliteStore } = await import('./sqlite-store.js')
      return openSqliteStore(choice, progress)
    }
    case 'postgres': {
      const { openPostgresStore } = await import('./postgres-store.js')
      return openPostgresStore(choice, progress)
    }
  }
}
