/** Connections of identity providers: who may call which tenant, with which rights, how often. */

export type { AssertionReason } from './assertions/assertion-reason.js'
export type { RejectionReason } from './authenticate/check-token.js'
export type { Rejection } from './authenticate/connection-authenticator.js'
export { type JwtClaims, type JwtOptions, jwt } from './jwt/jwt.js'
export type { FetchBounds, KeyFetcher } from './key-sets/key-fetcher.js'
export { type WebKeyFetcherOptions, webKeyFetcher } from './key-sets/web-key-fetcher.js'
export type { InTenant } from './lifecycle/change-connection.js'
export type { FailedUser, ScimOperations, UsersChanged } from './lifecycle/change-users.js'
export { ConnectionError, type ConnectionErrorKind } from './lifecycle/connection-error.js'
export type { ConnectionStatus, KeySetCheck, KeySetStatus } from './lifecycle/connection-status.js'
export type { ListedToken, RotateSettings } from './lifecycle/connection-tokens.js'
export type { CreatedConnection, NewConnection } from './lifecycle/create-connection.js'
export type { DecommissionSettings } from './lifecycle/decommission.js'
export type { SecretSettings, TokenSettings } from './lifecycle/issue.js'
export type { ConnectionPage, ListSettings } from './lifecycle/list-connections.js'
export { assertionAlgorithms, type OAuthSettings } from './lifecycle/oauth-settings.js'
export type { Decommissioned } from './lifecycle/run-decommission.js'
export type {
  ClientSecret,
  Connection,
  IssuedSecret,
  IssuedToken,
  OAuthClient,
  Token,
  UsersChoice,
} from './lifecycle/views.js'
export { type MemoryRateLimiterOptions, memoryRateLimiter } from './limits/memory-rate-limiter.js'
export { memoryRecords } from './memory-records/memory-records.js'
export { composeAuthorizers } from './permissions/compose.js'
export type { Grant, PermissionData, PermissionRule, PermittedOperation } from './permissions/data.js'
export { permissions } from './permissions/permissions.js'
export { type ConnectionPorts, connectionPorts } from './ports.js'
export type {
  ConnectionRecord,
  ConnectionState,
  FederatedTrustRecord,
  KeySource,
  OAuthClientRecord,
  SecretRecord,
  TokenAudience,
  TokenRecord,
  UseRecord,
} from './records/connection.js'
export type { Connections } from './scim-connections/connections.js'
export type { OAuthOptions } from './scim-connections/oauth-parts.js'
export { type ConnectionsOptions, scimConnections } from './scim-connections/scim-connections.js'
export type { ClientRejectionReason } from './token-endpoint/authenticate-client.js'
export type { ScopeAliases } from './token-endpoint/granted-scopes.js'
export type { TokenRates } from './token-endpoint/request-rates.js'
export { clientSecretIdIn, tokenIdIn } from './tokens/credential.js'
export { fullScope, readScope } from './tokens/scopes.js'
