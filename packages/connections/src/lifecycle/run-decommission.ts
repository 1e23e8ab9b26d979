/** Carries out stored orders of decommissioning; any process may do so, also after another one was stopped in the middle. */

import { connectionIn } from '../records/read-records.js'
import { insertUse, readConnection, readUses, replaceUse } from '../records/stored-records.js'
import type { Lifecycle } from './change-connection.js'
import { noConnection } from './change-connection.js'
import { changeUsers, type ScimOperations, type UsersChanged } from './change-users.js'
import { endDecommission } from './decommission.js'
import { type Connection, connectionView } from './views.js'

/** The result of a decommission. */
export interface Decommissioned extends UsersChanged {
  /** Its state is `decommissioned` if all users were changed, else `decommissioning`. */
  readonly connection: Connection
}

/** Changes the users of one connection as its order says. Rejects if the store fails; the order stays. */
export async function runDecommission(parts: Lifecycle, scim: ScimOperations, id: string): Promise<Decommissioned> {
  const read = await readConnection(parts.store, id)
  if (read === undefined) throw noConnection()
  const connection = connectionView(read.record)
  if (connection.state !== 'decommissioning') return { connection, changed: 0, failed: [] }
  const result = await changeUsers(scim, connection, parts.ports)
  if (result.failed.length === 0) return { ...result, connection: await endDecommission(parts, id) }
  await noteFailure(parts, connection, `${result.failed.length} users could not be changed`)
  return { ...result, connection }
}

/** Carries out all orders that are not finished; `onError` receives the failure of one, and the others continue. */
export async function resumeDecommissions(
  parts: Lifecycle,
  scim: ScimOperations,
  onError: (error: unknown) => void,
): Promise<readonly Decommissioned[]> {
  const results: Decommissioned[] = []
  let after: string | undefined
  do {
    const page = await parts.store.list({ kind: 'connection', count: 1000, ...(after !== undefined && { after }) })
    for (const stored of page) {
      if (connectionIn(stored)?.record.state !== 'decommissioning') continue
      try {
        results.push(await runDecommission(parts, scim, stored.id))
      } catch (error) {
        onError(error)
      }
    }
    after = page.length < 1000 ? undefined : page.at(-1)?.id
  } while (after !== undefined)
  return results
}

// For the status of the connection. Another process may write the same; a conflict loses nothing.
async function noteFailure({ store, ports }: Lifecycle, { id, tenant }: Connection, reason: string): Promise<void> {
  const before = (await readUses(store, [id])).get(id)
  const use = {
    lastUsed: before?.record.lastUsed,
    lastError: { at: new Date(ports.now()).toISOString(), reason },
  }
  await store.write([
    before === undefined ? insertUse(id, tenant, use, undefined) : replaceUse(id, use, before.revision, undefined),
  ])
}
