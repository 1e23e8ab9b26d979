/** Connections of identity providers: who may call which tenant, with which rights, how often. */

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
