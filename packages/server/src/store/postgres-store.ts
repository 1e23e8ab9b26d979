import { postgresProvider } from '@scimkit/sql-provider/postgres'
import { redactUrl } from './redact-url.js'
import { type Migrating, openSqlStore } from './sql-store.js'
import type { OpenStore } from './store.js'
import type { StoreChoice } from './store-choice.js'
import type { StoreLimits } from './store-limits.js'

const writesAtOnce = 8

/** Connects to a PostgreSQL database. Throws a StartupError with the reason if it cannot. */
export async function openPostgresStore(
  { url, pooler, connections, indexes, history }: Extract<StoreChoice, { kind: 'postgres' }>,
  progress: Migrating,
  limits: StoreLimits,
): Promise<OpenStore> {
  return openSqlStore(
    () =>
      postgresProvider(url, {
        indexes,
        history,
        ...limits,
        prepare: !pooler,
        ...(connections !== undefined && { maxConnections: connections }),
      }),
    { ...redactUrl(url), writesAtOnce: Math.min(writesAtOnce, connections ?? writesAtOnce) },
    progress,
  )
}
