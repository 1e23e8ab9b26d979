/** Ends a connection: one unit ends all of its credentials and stores what happens to the users. */
import type { RecordRemoval } from '@scimkit/core/provider'
import type { ConnectionRecord } from '../records/connection.js'
import { readConnection, readUses } from '../records/stored-records.js'
import {
  changeConnection,
  checkedId,
  conflict,
  type InTenant,
  inTenant,
  type Lifecycle,
  noConnection,
} from './change-connection.js'
import { invalid } from './check-values.js'
import { ConnectionError } from './connection-error.js'
import { removalsOfTokens } from './connection-tokens.js'
import { listConnections } from './list-connections.js'
import { requireLive } from './states.js'
import { type Connection, connectionView, type UsersChoice } from './views.js'

/** What happens to the users of the tenant of a connection that is decommissioned. */
export interface DecommissionSettings extends InTenant {
  /** `keep` changes no user, `deactivate` sets `active` to false, `remove` removes them. */
  readonly users: UsersChoice
  /**
   * Users do not belong to one connection: without `true`, `deactivate` and `remove` are refused if the tenant has
   * another connection that is not decommissioned.
   */
  readonly allUsers?: boolean
}

/**
 * Stores the order, and ends all credentials, as one unit. The state is `decommissioned` if no user has to be changed,
 * else `decommissioning`. A connection that has its order already is returned as it is.
 */
export async function orderDecommission(
  parts: Lifecycle,
  id: string,
  settings: DecommissionSettings,
): Promise<Connection> {
  const { users, allUsers = false } = settings
  if (!['keep', 'deactivate', 'remove'].includes(users)) throw invalid('users: expected keep, deactivate or remove.')
  return changeConnection(parts, id, settings, async (connection) => {
    if (connection.users === users) return { next: connection, result: connectionView(connection) }
    requireLive(connection)
    if (users !== 'keep' && !allUsers) await requireAlone(parts, connection)
    const next: ConnectionRecord = {
      ...connection,
      state: users === 'keep' ? 'decommissioned' : 'decommissioning',
      users,
      tokens: [],
      oauth: undefined,
      generation: connection.generation + 1,
    }
    return { next, also: await removalsOfTokens(parts, connection), result: connectionView(next) }
  })
}

/** Sets the state after the last user has been changed. */
export async function endDecommission(parts: Lifecycle, id: string): Promise<Connection> {
  return changeConnection(parts, id, {}, (connection) => {
    const next: ConnectionRecord =
      connection.state === 'decommissioning' ? { ...connection, state: 'decommissioned' } : connection
    return { next, result: connectionView(next) }
  })
}

/** Removes the record of a connection that is decommissioned. */
export async function purgeConnection(parts: Lifecycle, id: string, { tenant }: InTenant): Promise<void> {
  const { store, forget } = parts
  for (let attempt = 1; attempt <= 10; attempt++) {
    const read = await readConnection(store, checkedId(id))
    if (read === undefined || inTenant(read.record, tenant) === undefined) throw noConnection()
    if (read.record.state !== 'decommissioned') {
      throw new ConnectionError('state', 'Only a connection that is decommissioned can be purged.')
    }
    const use = (await readUses(store, [id])).get(id)
    const removals: RecordRemoval[] = [{ change: 'remove', kind: 'connection', id, expected: read.revision }]
    if (use !== undefined) removals.push({ change: 'remove', kind: 'use', id, expected: use.revision })
    const written = await store.write(removals)
    forget('connection', id)
    if (written === 'written') return
  }
  throw conflict()
}

async function requireAlone(parts: Lifecycle, { id, tenant }: ConnectionRecord): Promise<void> {
  let after: string | undefined
  do {
    const page = await listConnections(parts, { tenant, after, count: 1000 })
    const other = page.connections.find((one) => one.id !== id && (one.state === 'active' || one.state === 'suspended'))
    if (other !== undefined) {
      throw new ConnectionError(
        'otherConnections',
        'The tenant has another connection, and its users would be changed too. Pass allUsers: true to change all users of the tenant.',
      )
    }
    after = page.next
  } while (after !== undefined)
}
