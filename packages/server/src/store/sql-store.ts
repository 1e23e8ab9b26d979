import { type MigrationProgress, SchemaMismatch, type SqlProvider, StoreFailure } from '@scimkit/sql-provider'
import { cannotUse, cannotUseAmbiguous, type StartupError } from '../startup-error.js'
import type { OpenStore } from './store.js'

/** The properties of a kind of database. */
export interface SqlStoreFacts {
  readonly place: string
  /** False if the error messages of the database may quote a secret. */
  readonly certain: boolean
  readonly writesAtOnce: number
}

/** The receiver of the progress of a migration. `never`: the tables must be current, and are not changed. */
export type Migrating = MigrationProgress | 'never'

/** Opens a provider, migrates its tables, and returns it as a store. Throws a StartupError with the reason if it cannot. */
export async function openSqlStore(
  open: () => SqlProvider,
  { place, certain, writesAtOnce }: SqlStoreFacts,
  progress: Migrating,
): Promise<OpenStore> {
  const unusable = (error: unknown): StartupError =>
    certain || error instanceof SchemaMismatch ? cannotUse(place, error) : cannotUseAmbiguous(place, error)
  let provider: SqlProvider
  try {
    provider = open()
  } catch (error) {
    throw unusable(error)
  }
  try {
    if (progress === 'never') await provider.ready()
    const migration = progress === 'never' ? undefined : await provider.migrate(progress)
    const { facts, records, tenants, rotateCursorKey, ready, close } = provider
    return {
      provider,
      facts,
      records,
      tenants,
      rotateCursorKey,
      place,
      durable: true,
      writesAtOnce,
      migration,
      ready,
      close,
    }
  } catch (error) {
    await provider.close().catch(() => undefined)
    if (error instanceof SchemaMismatch || error instanceof StoreFailure) throw unusable(error)
    throw error
  }
}
