import { type MigrationProgress, SchemaMismatch, type SqlProvider, StoreFailure } from '@scimkit/sql-provider'
import { CannotStart } from './cannot-start.js'
import type { OpenStore } from './open-store.js'

/** What a kind of database knows of itself. */
export interface SqlStoreFacts {
  readonly place: string
  readonly writesAtOnce: number
}

/** Opens a provider, brings its tables up to date, and gives it as a store. Throws a CannotStart that says why not. */
export async function openSqlStore(
  open: () => SqlProvider,
  { place, writesAtOnce }: SqlStoreFacts,
  progress: MigrationProgress,
): Promise<OpenStore> {
  const unusable = (error: unknown) => new CannotStart(`Cannot use ${place}: ${reasonOf(error)}`, error)
  let provider: SqlProvider
  try {
    provider = open()
  } catch (error) {
    throw unusable(error)
  }
  try {
    const migration = await provider.migrate(progress)
    const { facts, close } = provider
    return { provider, facts, place, durable: true, writesAtOnce, migration, close }
  } catch (error) {
    await provider.close().catch(() => undefined)
    if (error instanceof SchemaMismatch || error instanceof StoreFailure) throw unusable(error)
    throw error
  }
}

/** The words of whoever knows best: a failure of the store wraps what the database has said. */
function reasonOf(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error))
  if (error instanceof StoreFailure && cause instanceof Error) return reasonOf(cause)
  // When every address of a host refuses, Node has nothing to say but what each has said.
  if (error instanceof AggregateError && message === '') return reasonOf(error.errors[0])
  const [line = ''] = message.split('\n')
  return line.endsWith('.') ? line : `${line}.`
}
