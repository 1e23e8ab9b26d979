import type { Authenticator, Authorizer } from '@scimkit/core'
import type { HttpHandler } from '@scimkit/core/adapter'
import type { InTenant } from '../lifecycle/change-connection.js'
import type { ScimOperations } from '../lifecycle/change-users.js'
import type { ConnectionStatus } from '../lifecycle/connection-status.js'
import type { ListedToken, RotateSettings } from '../lifecycle/connection-tokens.js'
import type { CreatedConnection, NewConnection } from '../lifecycle/create-connection.js'
import type { DecommissionSettings } from '../lifecycle/decommission.js'
import type { SecretSettings, TokenSettings } from '../lifecycle/issue.js'
import type { ConnectionPage, ListSettings } from '../lifecycle/list-connections.js'
import type { OAuthSettings } from '../lifecycle/oauth-settings.js'
import type { Decommissioned } from '../lifecycle/run-decommission.js'
import type { Connection, IssuedSecret, IssuedToken } from '../lifecycle/views.js'

/**
 * The connections of a server. A function with `tenant` in its settings acts on connections of that tenant only: any
 * other id is not found. Each function throws a ConnectionError, whose `kind` says why nothing was changed, and the
 * errors of the store.
 */
export interface Connections<Native = unknown> {
  /** Authenticates tokens for SCIM; for `createScim` and the adapters. */
  readonly authenticate: Authenticator<Native>
  /** Authenticates tokens of audience `mcp`; for `scimMcp` of `@scimkit/mcp`. Each refuses the tokens of the other. */
  readonly authenticateMcp: Authenticator<Native>
  /** Permits operations by the scopes of the token; for `createScim` and the adapters. */
  readonly authorize: Authorizer
  /** The token endpoint and the metadata of its issuer; mount it at the root of the application. It answers no path without the option `issuer`. */
  readonly tokenEndpoint: HttpHandler
  /** Creates a connection, with a token or a client secret. Its credentials are shown here only. */
  create(settings: NewConnection): Promise<CreatedConnection>
  /** A page of connections. */
  list(settings?: ListSettings): Promise<ConnectionPage>
  /** A connection; undefined if there is none with this id. */
  get(id: string, target?: InTenant): Promise<Connection | undefined>
  rename(id: string, name: string, target?: InTenant): Promise<Connection>
  /** Changes the scopes; existing tokens are reduced to them. */
  setScopes(id: string, scopes: readonly string[], target?: InTenant): Promise<Connection>
  /** Changes the OAuth settings, keeps the client secrets, and ends all access tokens. Undefined removes settings and secrets. */
  setOAuth(id: string, settings: OAuthSettings | undefined, target?: InTenant): Promise<Connection>
  /** Adds a static token; the others remain valid. */
  createToken(id: string, settings?: TokenSettings & InTenant): Promise<IssuedToken>
  listTokens(id: string, target?: InTenant): Promise<readonly ListedToken[]>
  /** Ends a token, by its public id, in every process within a second. */
  revokeToken(id: string, token: string, target?: InTenant): Promise<void>
  /** Adds a static token, and ends all others of its audience after a grace period, 24 hours by default. */
  rotate(id: string, settings?: RotateSettings & TokenSettings): Promise<IssuedToken>
  /** Adds a client secret; the others remain valid. */
  createSecret(id: string, settings?: SecretSettings & InTenant): Promise<IssuedSecret>
  /** Ends a client secret, by its public id, and the access tokens that it has obtained. */
  revokeSecret(id: string, secret: string, target?: InTenant): Promise<void>
  /** Adds a client secret, and ends all others after a grace period, 24 hours by default. */
  rotateSecret(id: string, settings?: RotateSettings): Promise<IssuedSecret>
  /** Ends all access tokens of a connection; its client may obtain new ones. */
  endAccessTokens(id: string, target?: InTenant): Promise<Connection>
  /** Accepts no credentials of the connection until `resume`. */
  suspend(id: string, target?: InTenant): Promise<Connection>
  resume(id: string, target?: InTenant): Promise<Connection>
  /**
   * Ends all credentials of a connection as one unit, and then changes the users of its tenant as `users` says, in
   * portions. If the function rejects or the process ends, the order stays: `resumeDecommissions` continues it. Without
   * `scim`, users are changed by `resumeDecommissions` only.
   */
  decommission(id: string, settings: DecommissionSettings & { readonly scim?: ScimOperations }): Promise<Decommissioned>
  /** Continues all orders of decommissioning that are not finished; call it when a process starts. */
  resumeDecommissions(scim: ScimOperations): Promise<readonly Decommissioned[]>
  /** Removes the record of a connection that is decommissioned. */
  purge(id: string, target?: InTenant): Promise<void>
  /** Whether a connection can be used, what is wrong with it, and when it was used last. */
  testConnection(id: string, target?: InTenant): Promise<ConnectionStatus>
  /** Removes at most `count` (default 1,000) records that have expired; the number of them. Call it now and then. */
  removeExpired(count?: number): Promise<number>
}
