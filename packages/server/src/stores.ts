import { memoryProvider } from '@scimkit/memory-provider'
import type { MigrationProgress } from '@scimkit/sql-provider'
import type { StoreLimits } from './limit-flag.js'
import { memoryFacts } from './memory-facts.js'
import type { OpenStore } from './open-store.js'
import type { StoreChoice } from './store-choice.js'

/**
 * Opens a store and migrates its tables; `progress` is called while that takes long. Throws a StartupError with the reason
 * if the store cannot be used. Database packages are loaded on first use.
 */
export async function openStore(
  choice: StoreChoice,
  progress: MigrationProgress,
  limits: StoreLimits = {},
): Promise<OpenStore> {
  switch (choice.kind) {
    case 'memory':
      return {
        provider: memoryProvider({ history: choice.history, ...limits }),
        facts: memoryFacts(),
        place: 'memory',
        durable: false,
        writesAtOnce: 1,
        migration: undefined,
        ready: async () => undefined,
        close: async () => undefined,
      }
    case 'sqlite': {
      const { openSqliteStore } = await import('./sqlite-store.js')
      return openSqliteStore(choice, progress, limits)
    }
    case 'postgres': {
      const { openPostgresStore } = await import('./postgres-store.js')
      return openPostgresStore(choice, progress, limits)
    }
  }
}
