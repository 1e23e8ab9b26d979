/** Connections of identity providers: who may call which tenant, with which rights, how often. */

export { type MemoryRateLimiterOptions, memoryRateLimiter } from './limits/memory-rate-limiter.js'
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
