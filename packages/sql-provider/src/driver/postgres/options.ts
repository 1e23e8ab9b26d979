import type { PostgresPool } from './pool.js'

/** The options for PostgreSQL. Times are in milliseconds; every wait has such a limit. */
export interface PostgresDriverOptions {
  /** Most open connections at once. Default 10. A pool of the host has its own maximum. */
  readonly maxConnections?: number
  /**
   * Most connections that lists without a usable index use at the same time; the statements of further such lists wait. So reads
   * by id, look-ups and writes always find a connection. Default half of the connections, at least 1.
   */
  readonly listConnections?: number
  /** The application name of a connection in `pg_stat_activity`. Default `scimkit`. Not for a pool of the host. */
  readonly applicationName?: string
  /** How long to wait for a free connection. Default 5,000. */
  readonly connectMilliseconds?: number
  /**
   * How long one statement may take. Default 10,000. Then the server stops it; if the server does not, the driver closes the
   * connection two seconds later.
   */
  readonly statementMilliseconds?: number
  /** How long a statement waits for a lock of another transaction before the write is retried. Default 2,000. */
  readonly lockMilliseconds?: number
  /** How long the server keeps an idle open transaction, with its locks. Default 10,000. */
  readonly idleMilliseconds?: number
  /** For how long a write is retried after deadlocks and serialization conflicts, before the answer is 503. Default 3,000. */
  readonly busyMilliseconds?: number
  /**
   * How long one statement of a migration may take, and how long it waits for a migration of another process. Default 600,000.
   */
  readonly migrateMilliseconds?: number
  /**
   * Whether statements are kept prepared on each connection, and connections keep the limits above. Set `false` behind a pooler
   * in transaction mode, such as PgBouncer, which rejects connections with limits. Then each transaction sets its own limits.
   * Default true.
   */
  readonly prepare?: boolean
  /**
   * The isolation level of writes. ScimKit itself needs no more than `read committed`, the default; `serializable` is for
   * databases with triggers that need it.
   */
  readonly isolation?: 'read committed' | 'serializable'
}

/** All options, with their defaults. */
export type PostgresLimits = Readonly<Required<Omit<PostgresDriverOptions, 'listConnections'>>> &
  Pick<PostgresDriverOptions, 'listConnections'>

const defaults: PostgresLimits = {
  maxConnections: 10,
  applicationName: 'scimkit',
  connectMilliseconds: 5_000,
  statementMilliseconds: 10_000,
  lockMilliseconds: 2_000,
  idleMilliseconds: 10_000,
  busyMilliseconds: 3_000,
  migrateMilliseconds: 600_000,
  prepare: true,
  isolation: 'read committed',
}

const numbers = [
  'maxConnections',
  'connectMilliseconds',
  'statementMilliseconds',
  'lockMilliseconds',
  'idleMilliseconds',
  'busyMilliseconds',
  'migrateMilliseconds',
] as const
// The largest value of both a timer and a setting of the server.
const mostMilliseconds = 2 ** 31 - 1

/** Fills in the defaults. Throws a TypeError for an invalid limit: with 0, a wait could have no end. */
export function limitsFrom(options: PostgresDriverOptions): PostgresLimits {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const limits: PostgresLimits = { ...defaults, ...given }
  for (const name of limits.listConnections === undefined ? numbers : [...numbers, 'listConnections' as const]) {
    const value: unknown = limits[name]
    if (!Number.isSafeInteger(value) || Number(value) < 1 || Number(value) > mostMilliseconds) {
      throw new TypeError(`${name}: expected a whole number above 0, got ${String(value)}`)
    }
  }
  // It becomes part of a statement.
  if (limits.isolation !== 'read committed' && limits.isolation !== 'serializable') {
    throw new TypeError(`isolation: expected 'read committed' or 'serializable', got ${String(limits.isolation)}`)
  }
  return limits
}

/** How many connections lists may use: the option of the host, else half of the pool. */
export function listConnectionsOf({ listConnections, maxConnections }: PostgresLimits, pool: PostgresPool): number {
  return listConnections ?? Math.max(1, Math.floor((pool.options?.max ?? maxConnections) / 2))
}
