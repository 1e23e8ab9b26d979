import type { RecordInsert } from '@scimkit/core/provider'
import type { ConnectionRecord } from '../records/connection.js'
import { insertConnection, insertToken } from '../records/stored-records.js'
import { newConnectionId } from '../tokens/credential.js'
import { fullScope } from '../tokens/scopes.js'
import { checkedChange, conflict, type Lifecycle } from './change-connection.js'
import { checkedName, checkedScopes, checkedTenant } from './check-values.js'
import { issueSecret, issueToken, type SecretSettings, type TokenSettings } from './issue.js'
import { type OAuthSettings, oauthRecord } from './oauth-settings.js'
import { type Connection, connectionView, type IssuedSecret, type IssuedToken } from './views.js'

/** A new connection. */
export interface NewConnection {
  /** The tenant that it belongs to; it never changes. */
  readonly tenant: string
  /** For people: `Okta`. */
  readonly name: string
  /** The most that its credentials may permit. Default: `scim`. */
  readonly scopes?: readonly string[]
  /** A static token. Default: none. */
  readonly token?: boolean | TokenSettings
  /** The OAuth settings, and a client secret if `secret` is set. Default: none. */
  readonly oauth?: OAuthSettings & { readonly secret?: boolean | SecretSettings }
}

/** The new connection, and its credentials, which are shown here only. */
export interface CreatedConnection {
  readonly connection: Connection
  readonly token: IssuedToken | undefined
  readonly secret: IssuedSecret | undefined
}

/** Stores a new connection with its first credentials, as one unit. Throws a ConnectionError and the errors of the store. */
export async function createConnection(parts: Lifecycle, settings: NewConnection): Promise<CreatedConnection> {
  const { store, ports } = parts
  const { tenant, name, scopes = [fullScope], token = false, oauth } = settings
  const secret = oauth?.secret ?? false
  const checked = { tenant: checkedTenant(tenant), name: checkedName(name), scopes: checkedScopes(scopes) }
  const client = oauth && oauthRecord(oauth)
  // Ids are random, so a second attempt is as improbable as a guessed token.
  for (let attempt = 1; attempt <= 3; attempt++) {
    const id = newConnectionId(ports)
    const issuedToken = token === false ? undefined : await issueToken({ ...checked, id }, settingsIn(token), ports)
    const issuedSecret = secret === false ? undefined : await issueSecret(settingsIn(secret), ports)
    const record: ConnectionRecord = {
      ...checked,
      id,
      state: 'active',
      created: new Date(ports.now()).toISOString(),
      oauth: client && { ...client, secrets: issuedSecret === undefined ? [] : [issuedSecret.record] },
      generation: 1,
      tokens: issuedToken === undefined ? [] : [issuedToken.record.id],
      users: undefined,
    }
    const changes: RecordInsert[] = [checkedChange(insertConnection(record))]
    if (issuedToken !== undefined) changes.push(insertToken(issuedToken.record))
    if ((await store.write(changes)) === 'written') {
      return { connection: connectionView(record), token: issuedToken?.issued, secret: issuedSecret?.issued }
    }
  }
  throw conflict()
}

function settingsIn<Settings extends object>(given: true | Settings): Settings | Record<string, never> {
  return given === true ? {} : given
}
