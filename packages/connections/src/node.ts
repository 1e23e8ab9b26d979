/** The parts of connections that need Node: rate limits by rate-limiter-flexible. */

export { type NodeKeyFetcherOptions, nodeKeyFetcher } from './key-sets/node-key-fetcher.js'
export {
  type FlexibleWindow,
  flexibleRateLimiter,
  type PostgresPool,
  postgresRateLimiter,
  processRateLimiter,
} from './limits/flexible-rate-limiter.js'
