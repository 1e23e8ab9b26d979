import pg from 'pg'
import type { PostgresLimits } from './postgres-options.js'
import type { PostgresPool } from './postgres-pool.js'

/** A pool of our own, which we end. */
export interface OwnPostgresPool extends PostgresPool {
  end(): Promise<void>
}

/** Makes a pool; it connects when it is first used. What the connection string says of a limit wins. */
export function openPostgres(url: string, limits: PostgresLimits): OwnPostgresPool {
  return new pg.Pool({
    connectionString: url,
    max: limits.maxConnections,
    connectionTimeoutMillis: limits.connectMilliseconds,
    application_name: limits.applicationName,
    keepAlive: true,
    // A pooler refuses a connection that names settings it does not know.
    ...(limits.prepare && {
      statement_timeout: limits.statementMilliseconds,
      lock_timeout: limits.lockMilliseconds,
      idle_in_transaction_session_timeout: limits.idleMilliseconds,
    }),
  })
}
