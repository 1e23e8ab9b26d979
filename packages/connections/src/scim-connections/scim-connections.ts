import type { Authenticator, Authorizer, TenantResolver } from '@scimkit/core'
import type { RecordStore } from '@scimkit/core/provider'
import type { RejectionReason } from '../authenticate/check-token.js'
import { connectionAuthenticator, type Rejection } from '../authenticate/connection-authenticator.js'
import { recordCache } from '../authenticate/record-cache.js'
import { useLog } from '../authenticate/use-log.js'
import { type Lifecycle, restricted } from '../lifecycle/change-connection.js'
import { createSecret, revokeSecret, rotateSecret } from '../lifecycle/client-secrets.js'
import { connectionStatus, type KeySetCheck } from '../lifecycle/connection-status.js'
import { createToken, listTokens, revokeToken, rotateToken } from '../lifecycle/connection-tokens.js'
import { createConnection } from '../lifecycle/create-connection.js'
import { orderDecommission, purgeConnection } from '../lifecycle/decommission.js'
import { listConnections } from '../lifecycle/list-connections.js'
import { resumeDecommissions, runDecommission } from '../lifecycle/run-decommission.js'
import {
  endAccessTokens,
  getConnection,
  renameConnection,
  resumeConnection,
  setOAuth,
  setScopes,
  suspendConnection,
} from '../lifecycle/states.js'
import { permissions } from '../permissions/permissions.js'
import { type ConnectionPorts, connectionPorts } from '../ports.js'
import type { ConnectionRecord, TokenAudience, TokenRecord } from '../records/connection.js'
import { readConnection, readToken } from '../records/stored-records.js'
import type { ClientRejectionReason } from '../token-endpoint/authenticate-client.js'
import { resourceChallenge } from '../token-endpoint/resource-challenge.js'
import type { Connections } from './connections.js'
import { type OAuthOptions, oauthParts } from './oauth-parts.js'

/** The settings of {@link scimConnections}. */
export interface ConnectionsOptions<Native = unknown> extends OAuthOptions {
  /** Where the records are kept: `provider.records` of a SQL provider, or `memoryRecords()`. */
  readonly store: RecordStore
  /** The tenant that the address of a request names: a token of another tenant is refused. Default: addresses name no tenant. */
  readonly tenant?: TenantResolver<Native>
  /** Decides about each operation. Default: the scopes `scim` and `scim.read`. */
  readonly authorize?: Authorizer
  /** How long a record that was read may be used, in milliseconds, 0 to 1,000: a change has effect in every process after this time. Default 800. */
  readonly cacheMilliseconds?: number
  /** Tokens and connections that are kept, each. Default 10,000. */
  readonly cacheEntries?: number
  /** Reads a key set for `testConnection`. Default: with `keys`, else their state is `unknown`. */
  readonly checkKeys?: KeySetCheck
  /** Receives the reason of each refusal; the client does not learn it. `rejection` has no part of a secret. */
  readonly onRejected?: (reason: RejectionReason | ClientRejectionReason, rejection: Rejection) => void
  /** Receives errors of work after a response. Default: they are ignored. */
  readonly onError?: (error: unknown) => void
  /** Clock, randomness and digests, for tests. */
  readonly ports?: Partial<ConnectionPorts>
}

/**
 * The connections of identity providers: their tokens, and the functions for the admin page of a host. Throws a
 * TypeError that names the option if an option is invalid.
 * @example
 * ```ts
 * import { memoryRecords, scimConnections } from '@scimkit/connections'
 * import { createScim } from '@scimkit/core'
 * import { memoryProvider } from '@scimkit/memory-provider'
 *
 * const connections = scimConnections({ store: memoryRecords() })
 * const { authenticate, authorize } = connections
 * const scim = createScim({ provider: memoryProvider(), authenticate, authorize })
 *
 * const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
 * console.log(connection.id, token?.text)
 * ```
 */
export function scimConnections<Native = unknown>(options: ConnectionsOptions<Native>): Connections<Native> {
  const { store, tenant, authorize = permissions() } = options
  const ports = { ...connectionPorts, ...options.ports }
  const onError = guarded(options.onError)
  const cache = cacheOptions(options)
  const tokens = recordCache<TokenRecord>(async (id) => (await readToken(store, id))?.record, cache, ports)
  const connections = recordCache<ConnectionRecord>(
    async (id) => (await readConnection(store, id))?.record,
    cache,
    ports,
  )
  const parts: Lifecycle = {
    store,
    ports,
    forget: (kind, id) => (kind === 'token' ? tokens : connections).forget(id),
  }
  const uses = useLog(store, ports, onError)
  const onRejected = reporting(options.onRejected, onError)
  const { tokenEndpoint, keySets, addresses } = oauthParts(options, { store, ports, uses, onRejected, onError })
  const checkKeys = options.checkKeys ?? (options.keys && keySets.check)
  const authenticatorFor = (
    audience: TokenAudience,
    metadataOf: (target: string) => string | undefined,
  ): Authenticator<Native> =>
    connectionAuthenticator<Native>({
      audience,
      tokens,
      connections,
      uses,
      ports,
      tenantOf: tenant,
      challengeFor: ({ target }, sentCredentials) =>
        addresses === undefined ? undefined : resourceChallenge(metadataOf(target), sentCredentials),
      onRejected,
    })
  return {
    authenticate: authenticatorFor('scim', (target) => addresses?.resourceMetadataOf(target)),
    authenticateMcp: authenticatorFor('mcp', (target) => addresses?.mcpMetadataOf(target)),
    authorize,
    tokenEndpoint,
    create: (settings) => createConnection(parts, settings),
    list: async (settings = {}) => listConnections(parts, restricted(settings)),
    get: async (id, target = {}) => getConnection(parts, id, restricted(target)),
    rename: async (id, name, target = {}) => renameConnection(parts, id, name, restricted(target)),
    setScopes: async (id, scopes, target = {}) => setScopes(parts, id, scopes, restricted(target)),
    setOAuth: async (id, settings, target = {}) => setOAuth(parts, id, settings, restricted(target)),
    createToken: async (id, settings = {}) => createToken(parts, id, restricted(settings)),
    listTokens: async (id, target = {}) => listTokens(parts, id, restricted(target)),
    revokeToken: async (id, token, target = {}) => revokeToken(parts, id, token, restricted(target)),
    rotate: async (id, settings = {}) => rotateToken(parts, id, restricted(settings)),
    createSecret: async (id, settings = {}) => createSecret(parts, id, restricted(settings)),
    revokeSecret: async (id, secret, target = {}) => revokeSecret(parts, id, secret, restricted(target)),
    rotateSecret: async (id, settings = {}) => rotateSecret(parts, id, restricted(settings)),
    endAccessTokens: async (id, target = {}) => endAccessTokens(parts, id, restricted(target)),
    suspend: async (id, target = {}) => suspendConnection(parts, id, restricted(target)),
    resume: async (id, target = {}) => resumeConnection(parts, id, restricted(target)),
    decommission: async (id, { scim, ...settings }) => {
      const connection = await orderDecommission(parts, id, restricted(settings))
      return scim === undefined ? { connection, changed: 0, failed: [] } : runDecommission(parts, scim, id)
    },
    resumeDecommissions: (scim) => resumeDecommissions(parts, scim, onError),
    purge: async (id, target = {}) => purgeConnection(parts, id, restricted(target)),
    testConnection: async (id, target = {}) => connectionStatus(parts, id, restricted(target), checkKeys),
    removeExpired: async (count = 1_000) => store.removeExpired(ports.now(), count),
  }
}

function cacheOptions({ cacheMilliseconds = 800, cacheEntries = 10_000 }: ConnectionsOptions<never>) {
  if (!Number.isFinite(cacheMilliseconds) || cacheMilliseconds < 0 || cacheMilliseconds > 1_000) {
    throw new TypeError(
      'options.cacheMilliseconds: expected a number from 0 to 1000; a revocation has effect within a second.',
    )
  }
  if (!Number.isSafeInteger(cacheEntries) || cacheEntries < 0) {
    throw new TypeError('options.cacheEntries: expected a whole number from 0.')
  }
  return { milliseconds: cacheMilliseconds, entries: cacheEntries, shared: !onWorkers() }
}

// On Workers the promise of one request may never settle for another.
function onWorkers(): boolean {
  return typeof navigator === 'object' && navigator?.userAgent === 'Cloudflare-Workers'
}

function guarded(onError: ((error: unknown) => void) | undefined): (error: unknown) => void {
  return (error) => {
    try {
      onError?.(error)
    } catch {
      // The host's own function failed; no request may fail for it.
    }
  }
}

function reporting(
  onRejected: ConnectionsOptions['onRejected'],
  onError: (error: unknown) => void,
): (reason: RejectionReason | ClientRejectionReason, rejection: Rejection) => void {
  return (reason, rejection) => {
    try {
      onRejected?.(reason, rejection)
    } catch (error) {
      onError(error)
    }
  }
}
