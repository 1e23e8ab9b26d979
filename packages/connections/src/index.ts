/** Connections of identity providers: who may call which tenant, with which rights, how often. */

export { composeAuthorizers } from './permissions/compose.js'
export type { Grant, PermissionData, PermissionRule, PermittedOperation } from './permissions/data.js'
export { permissions } from './permissions/permissions.js'
export type {
  ConnectionRecord,
  ConnectionState,
  FederatedTrustRecord,
  KeySource,
  OAuthClientRecord,
  SecretRecord,
  TokenRecord,
  UseRecord,
} from './records/connection.js'
