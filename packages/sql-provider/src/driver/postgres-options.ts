import type { PostgresPool } from './postgres-pool.js'

/** How PostgreSQL is used. Times are in milliseconds and bound everything that may wait. */
export interface PostgresDriverOptions {
  /** Most connections that are open at once. Default 10. A pool that is handed in has its own maximum. */
  readonly maxConnections?: number
  /**
   * Most connections that lists which no index narrows use at the same time; the statements of other lists wait for them.
   * So reads by id, look-ups and writes find a connection, whatever is listed. Default half of the connections, at least 1.
   */
  readonly listConnections?: number
  /** How a connection introduces itself in `pg_stat_activity`. Default `scimkit`. Not for a pool that is handed in. */
  readonly applicationName?: string
  /** How long to wait for a connection that is free. Default 5,000. */
  readonly connectMilliseconds?: number
  /**
   * How long one statement may take. Default 10,000. The server stops it then; a server that does not is hung up on two
   * seconds later.
   */
  readonly statementMilliseconds?: number
  /** How long a statement waits for somebody else's lock before the write begins again. Default 2,000. */
  readonly lockMilliseconds?: number
  /** How long the server keeps a transaction, with its locks, of a process that has stopped talking. Default 10,000. */
  readonly idleMilliseconds?: number
  /** For how long a write begins again after a deadlock or a conflict before it is 503. Default 3,000. */
  readonly busyMilliseconds?: number
  /**
   * How long one statement of a migration may take, and how long it waits for another process that migrates. Default
   * 600,000.
   */
  readonly migrateMilliseconds?: number
  /**
   * Whether statements are kept prepared on each connection, and connections keep the limits above. Say `false` behind
   * a pooler that lends connections by transaction, such as PgBouncer, which refuses connections with limits. Then each
   * transaction states its own. Default true.
   */
  readonly prepare?: boolean
  /**
   * In which isolation writes run. Nothing of ours needs more than `read committed`, the default; `serializable` is for
   * databases whose triggers do.
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
// What a timer and the server's settings can both hold.
const mostMilliseconds = 2 ** 31 - 1

/** Fills in the defaults. Throws a TypeError for what is no limit: with 0, something could wait for ever. */
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

/** How many connections lists may use: what the host says, else half of what the pool has. */
export function listConnectionsOf({ listConnections, maxConnections }: PostgresLimits, pool: PostgresPool): number {
  return listConnections ?? Math.max(1, Math.floor((pool.options?.max ?? maxConnections) / 2))
}
