import { openMemoryStore } from './memory-store.js'
import type { Migrating } from './sql-store.js'
import type { OpenStore } from './store.js'
import type { StoreChoice } from './store-choice.js'
import type { StoreLimits } from './store-limits.js'

/**
 * Opens a store and migrates its tables; `progress` is called while that takes long. Throws a StartupError with the reason
 * if the store cannot be used. Database packages are loaded on first use.
 */
export async function openStore(
  choice: StoreChoice,
  progress: Migrating,
  limits: StoreLimits = {},
): Promise<OpenStore> {
  switch (choice.kind) {
    case 'memory':
      return openMemoryStore(choice, limits)
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
