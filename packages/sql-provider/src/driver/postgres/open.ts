import pg from 'pg'
import type { PostgresLimits } from './options.js'
import type { PostgresPool } from './pool.js'

/** A pool that the driver itself opens and ends. */
export interface OwnPostgresPool extends PostgresPool {
  end(): Promise<void>
}

/** Creates a pool; it connects at its first use. A limit in the connection string overrides the option. */
export function openPostgres(url: string, limits: PostgresLimits): OwnPostgresPool {
  return new pg.Pool({
    connectionString: url,
    max: limits.maxConnections,
    connectionTimeoutMillis: limits.connectMilliseconds,
    application_name: limits.applicationName,
    keepAlive: true,
    // A pooler rejects a connection with unknown settings.
    ...(limits.prepare && {
      statement_timeout: limits.statementMilliseconds,
      lock_timeout: limits.lockMilliseconds,
      idle_in_transaction_session_timeout: limits.idleMilliseconds,
    }),
  })
}
