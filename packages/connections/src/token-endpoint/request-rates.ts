/** How many token requests are answered, and the removal of expired records. */
import type { Rate, RateLimiter, WaitUntil } from '@scimkit/core'
import { secondsToWait } from '@scimkit/core/adapter'
import type { RecordStore } from '@scimkit/core/provider'
import type { ConnectionPorts } from '../ports.js'

/** The rate limits of a token endpoint. */
export interface TokenRates {
  /** Access tokens of one client. Default 1 per second, 30 at once. */
  readonly client?: Rate
  /** Failed authentication of all clients together: beyond it a 401 is a 429. Default 10 per second, 100 at once. */
  readonly failures?: Rate
}

/** Seconds to wait; 0: none. */
export interface TokenRateChecks {
  ofClient(id: string): Promise<number>
  ofFailures(): Promise<number>
}

/** The checks of these rates. A limiter that fails limits nothing. */
export function tokenRates(
  limiter: RateLimiter,
  { client = { perSecond: 1, burst: 30 }, failures = { perSecond: 10, burst: 100 } }: TokenRates,
  onError: (error: unknown) => void,
): TokenRateChecks {
  const call = { limiter, startTimer, onFailure: onError }
  const take = async (key: readonly string[], rate: Rate): Promise<number> => secondsToWait(call, key, 1, rate)
  return {
    ofClient: (id) => take(['accessTokens', id], client),
    ofFailures: () => take(['failedTokenRequests'], failures),
  }
}

function startTimer(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, milliseconds)
  return () => clearTimeout(timer)
}

const cleanedEvery = 60_000
const portion = 100

/** Removes some expired records now and then, after the response. */
export function expiryCleaner(
  store: RecordStore,
  ports: ConnectionPorts,
  onError: (error: unknown) => void,
): (waitUntil: WaitUntil | undefined) => void {
  let last: number | undefined
  const clean = async (): Promise<void> => {
    await ports.sleep(0)
    await store.removeExpired(ports.now(), portion)
  }
  return (waitUntil) => {
    const now = ports.elapsed()
    if (last !== undefined && now - last < cleanedEvery) return
    last = now
    const cleaning = clean().catch(onError)
    try {
      waitUntil?.(cleaning)
    } catch (error) {
      onError(error)
    }
  }
}
