/** The rate limits of `scimkit serve`. */
import { postgresRateLimiter, processRateLimiter } from '@scimkit/connections/node'
import type { RateLimitOptions } from '@scimkit/core'
import pg from 'pg'
import type { TenantFlags } from './command/tenant-flags.js'
import type { StoreChoice } from './store/store-choice.js'

/** The rate limits of a server, and the connections that count them. */
export interface ServedRateLimit {
  readonly options: RateLimitOptions | undefined
  close(): Promise<void>
}

/** Entra needs 25 requests per second, and an initial synchronization comes in bursts. */
const usualRate = { perSecond: 50, burst: 200 }

/** Of all requests without valid credentials. */
const failureRate = { perSecond: 20, burst: 200 }

const unlimited: ServedRateLimit = { options: undefined, close: async () => undefined }

/** The rate limits that the flags ask for. With one static token there are none by default. */
export function rateLimitFor(
  { rateLimit, rateLimitStore }: Pick<TenantFlags, 'rateLimit' | 'rateLimitStore'>,
  access: { readonly kind: string },
  store: StoreChoice,
): ServedRateLimit {
  const rate = rateLimit ?? (access.kind === 'tenants' ? usualRate : 'off')
  if (rate === 'off') return unlimited
  const rates = { tenant: rate, failedAuthentication: failureRate }
  if (rateLimitStore === 'memory' || store.kind !== 'postgres') {
    return { options: { limiter: processRateLimiter(), ...rates }, close: async () => undefined }
  }
  const pool = new pg.Pool({
    connectionString: store.url,
    max: 2,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
  })
  // A connection that breaks while it is idle is replaced by the pool.
  pool.on('error', () => undefined)
  return { options: { limiter: postgresRateLimiter(pool), ...rates }, close: () => pool.end() }
}
