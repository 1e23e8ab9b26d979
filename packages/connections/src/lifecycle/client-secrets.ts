/** The client secrets of a connection. */
import type { ConnectionRecord, OAuthClientRecord, SecretRecord } from '../records/connection.js'
import { changeConnection, type InTenant, type Lifecycle } from './change-connection.js'
import { checkedGrace } from './check-values.js'
import { ConnectionError } from './connection-error.js'
import type { RotateSettings } from './connection-tokens.js'
import { issueSecret, type SecretSettings } from './issue.js'
import { oauthRecord } from './oauth-settings.js'
import { requireLive } from './states.js'
import type { IssuedSecret } from './views.js'

/** Client secrets of one connection at most. */
export const mostSecrets = 16

const defaultGrace = 86_400_000

/** Adds a client secret. A connection without OAuth settings gets the default ones. */
export async function createSecret(
  parts: Lifecycle,
  id: string,
  settings: SecretSettings & InTenant,
): Promise<IssuedSecret> {
  return addSecret(parts, id, settings, (secret) => secret)
}

/** Adds a client secret, and ends all others, with the access tokens that they have obtained, after a grace period. */
export async function rotateSecret(parts: Lifecycle, id: string, settings: RotateSettings): Promise<IssuedSecret> {
  const grace = checkedGrace(settings.graceMilliseconds ?? defaultGrace)
  return addSecret(parts, id, settings, (secret, now) => ({
    ...secret,
    expires: Math.min(secret.expires ?? Number.POSITIVE_INFINITY, now + grace),
  }))
}

/** Removes a client secret; the access tokens that it has obtained end with it. */
export async function revokeSecret(parts: Lifecycle, id: string, secret: string, target: InTenant): Promise<void> {
  return changeConnection(parts, id, target, (connection) => {
    const { oauth } = connection
    const rest = oauth?.secrets.filter((one) => one.id !== secret)
    if (oauth === undefined || rest === undefined || rest.length === oauth.secrets.length) {
      throw new ConnectionError('notFound', 'The connection has no client secret with this id.')
    }
    return { next: { ...connection, oauth: { ...oauth, secrets: rest } }, result: undefined }
  })
}

function addSecret(
  parts: Lifecycle,
  id: string,
  settings: SecretSettings & InTenant,
  change: (secret: SecretRecord, now: number) => SecretRecord,
): Promise<IssuedSecret> {
  return changeConnection(parts, id, settings, async (connection) => {
    requireLive(connection)
    const oauth = connection.oauth ?? oauthRecord({})
    const now = parts.ports.now()
    const alive = oauth.secrets.filter(({ expires }) => expires === undefined || expires > now)
    if (alive.length >= mostSecrets) {
      throw new ConnectionError('limit', `The connection has ${mostSecrets} client secrets; revoke one of them.`)
    }
    const { record, issued } = await issueSecret(settings, parts.ports)
    const secrets = [...alive.map((secret) => change(secret, now)), record]
    return { next: withSecrets(connection, oauth, secrets), result: issued }
  })
}

function withSecrets(
  connection: ConnectionRecord,
  oauth: OAuthClientRecord,
  secrets: readonly SecretRecord[],
): ConnectionRecord {
  return { ...connection, oauth: { ...oauth, secrets } }
}
