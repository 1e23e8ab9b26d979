/**
 * The properties of a pool's connections: whether each was checked, whether it reaches the same server process for its whole
 * life, and whether it was opened before the server was found unavailable.
 */
import { StandbyError } from './errors.js'
import type { PostgresClient } from './pool.js'
import { queryOf, rowsOf } from './query.js'
import type { Session } from './session.js'

/** The connections of one pool. */
export interface PostgresConnections {
  /** True for a connection that was opened before {@link PostgresConnections.empty}: it must be closed, not used. */
  isStale(client: PostgresClient): boolean
  /**
   * Checks a connection at its first use; true if it is direct: a server process of its own, which was not a standby. Such a
   * process never becomes a standby, because that needs a restart. Throws a {@link StandbyError}, or the connection's error.
   */
  examine(session: Session): Promise<boolean>
  /** Marks every connection that is open now as stale: it is closed at its next use. */
  empty(): void
}

/** The query at the first use of a connection. */
const standing = 'select pg_backend_pid() as pid, pg_is_in_recovery() as standby'

// Never lowered: remote_apply and remote_write wait for standbys. A setting of the session also outlives a reload of the
// server's configuration.
const durable = `set_config('synchronous_commit',
  case when current_setting('synchronous_commit') in ('off', 'local') then 'on' else current_setting('synchronous_commit') end, false)`

/**
 * No connection is checked yet. `own` connections may get settings for their whole life; those of a host's pool may not. With
 * `check: false` no connection counts as direct, as behind a pooler that may change the server process with any transaction.
 */
export function postgresConnections(options: { readonly own: boolean; readonly check: boolean }): PostgresConnections {
  const known = new WeakMap<PostgresClient, { readonly direct: boolean; readonly epoch: number }>()
  const question = { sql: options.own ? `${standing}, ${durable}` : standing, parameters: [], lasting: false }
  let epoch = 0
  return {
    isStale: (client) => (known.get(client)?.epoch ?? epoch) < epoch,
    async examine(session) {
      if (!options.check) return false
      const before = known.get(session.client)
      if (before !== undefined) return before.direct
      const asked = epoch
      const [row] = rowsOf(await session.run(queryOf(question, false)))
      if (row?.standby !== 0) throw new StandbyError()
      const direct = row.pid === session.client.processID
      known.set(session.client, { direct, epoch: asked })
      return direct
    },
    empty() {
      epoch += 1
    },
  }
}
