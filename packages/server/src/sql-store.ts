import { type MigrationProgress, SchemaMismatch, type SqlProvider, StoreFailure } from '@scimkit/sql-provider'
import { type CannotStart, cannotUse, cannotUseUnclear } from './cannot-start.js'
import type { OpenStore } from './open-store.js'

/** What a kind of database knows of itself. */
export interface SqlStoreFacts {
  readonly place: string
  /** False where what the database says of a failure may quote a secret. */
  readonly certain: boolean
  readonly writesAtOnce: number
}

/** Opens a provider, brings its tables up to date, and gives it as a store. Throws a CannotStart that says why not. */
export async function openSqlStore(
  open: () => SqlProvider,
  { place, certain, writesAtOnce }: SqlStoreFacts,
  progress: MigrationProgress,
): Promise<OpenStore> {
  const unusable = (error: unknown): CannotStart =>
    certain || error instanceof SchemaMismatch ? cannotUse(place, error) : cannotUseUnclear(place, error)
  let provider: SqlProvider
  try {
    provider = open()
  } catch (error) {
    throw unusable(error)
  }
  try {
    const migration = await provider.migrate(progress)
    const { facts, ready, close } = provider
    return { provider, facts, place, durable: true, writesAtOnce, migration, ready, close }
  } catch (error) {
    await provider.close().catch(() => undefined)
    if (error instanceof SchemaMismatch || error instanceof StoreFailure) throw unusable(error)
    throw error
  }
}
