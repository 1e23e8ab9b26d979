/** The states of a connection, and its settings. */
import type { ConnectionRecord } from '../records/connection.js'
import { readConnection } from '../records/stored-records.js'
import { changeConnection, checkedId, type InTenant, inTenant, type Lifecycle } from './change-connection.js'
import { checkedName, checkedScopes } from './check-values.js'
import { ConnectionError } from './connection-error.js'
import { type OAuthSettings, oauthRecord } from './oauth-settings.js'
import { type Connection, connectionView } from './views.js'

/** The connection with this id; undefined if there is none, or if it belongs to another tenant. */
export async function getConnection(
  { store }: Pick<Lifecycle, 'store'>,
  id: string,
  { tenant }: InTenant,
): Promise<Connection | undefined> {
  const connection = inTenant((await readConnection(store, checkedId(id)))?.record, tenant)
  return connection && connectionView(connection)
}

/** Changes the name. */
export async function renameConnection(
  parts: Lifecycle,
  id: string,
  name: string,
  target: InTenant,
): Promise<Connection> {
  const checked = checkedName(name)
  return change(parts, id, target, (connection) => ({ ...connection, name: checked }))
}

/** Changes the scopes; existing tokens are reduced to them. */
export async function setScopes(
  parts: Lifecycle,
  id: string,
  scopes: readonly string[],
  target: InTenant,
): Promise<Connection> {
  const checked = checkedScopes(scopes)
  return change(parts, id, target, (connection) => ({ ...connection, scopes: checked }))
}

/**
 * Changes the OAuth settings and keeps the client secrets; undefined removes both. Every access token of the connection
 * ends, because it may have been obtained with what is no longer trusted.
 */
export async function setOAuth(
  parts: Lifecycle,
  id: string,
  settings: OAuthSettings | undefined,
  target: InTenant,
): Promise<Connection> {
  const client = settings && oauthRecord(settings)
  return change(parts, id, target, (connection) => ({
    ...connection,
    oauth: client && { ...client, secrets: connection.oauth?.secrets ?? [] },
    generation: connection.generation + 1,
  }))
}

/** Ends every access token of the connection; its client may obtain a new one at once. */
export async function endAccessTokens(parts: Lifecycle, id: string, target: InTenant): Promise<Connection> {
  return change(parts, id, target, (connection) => ({ ...connection, generation: connection.generation + 1 }))
}

/** No credentials of the connection are accepted until it is resumed. */
export async function suspendConnection(parts: Lifecycle, id: string, target: InTenant): Promise<Connection> {
  return change(parts, id, target, (connection) =>
    connection.state === 'suspended' ? connection : { ...connection, state: 'suspended' },
  )
}

/** Accepts the credentials of a suspended connection again. */
export async function resumeConnection(parts: Lifecycle, id: string, target: InTenant): Promise<Connection> {
  return change(parts, id, target, (connection) =>
    connection.state === 'active' ? connection : { ...connection, state: 'active' },
  )
}

/** Throws if the connection is being decommissioned: it gets no new credentials, and no other state. */
export function requireLive({ state }: ConnectionRecord): void {
  if (state === 'decommissioning' || state === 'decommissioned') {
    throw new ConnectionError('state', 'The connection is decommissioned; create a new one.')
  }
}

function change(
  parts: Lifecycle,
  id: string,
  target: InTenant,
  next: (connection: ConnectionRecord) => ConnectionRecord,
): Promise<Connection> {
  return changeConnection(parts, id, target, (connection) => {
    requireLive(connection)
    const changed = next(connection)
    return { next: changed, result: connectionView(changed) }
  })
}
