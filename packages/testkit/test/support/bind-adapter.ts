import { describe, test } from '@jest/globals'
import { bearerToken, type ScimOptions } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import {
  bind,
  createAttackTarget,
  type Exchange,
  hostileContract,
  loadTraces,
  type Race,
  raceContract,
  races,
  traceContract,
  type Waiver,
  wireContract,
  withHeaders,
} from '@scimkit/testkit'
import { effort } from './effort.js'
import { bindRefusedUnread } from './refused-unread.js'
import { wireTarget } from './wire-servers.js'

const token = 'a-token-of-32-characters-or-more-it-is'

// Races are won or lost in the core and the store; races.test.ts has their usual length, over HTTP and on the same store.
const briefRaces: readonly Race[] = races.map(({ counts, ...race }) => ({
  ...race,
  counts: { ...counts, short: Math.ceil(counts.short / 4) },
}))

/**
 * All contracts for one framework: the wire contract, the traces, the races in a quarter of their rounds, and the hostile set. `serve` creates a new
 * server for each call; `waived` are hostile requests that the platform changes or refuses before the adapter.
 */
export async function bindAdapter(
  name: string,
  serve: (options: ScimOptions) => Exchange,
  waived: readonly Waiver[] = [],
): Promise<void> {
  const withToken = (options: Partial<ScimOptions> = {}): Exchange =>
    serve({ provider: memoryProvider(), authenticate: bearerToken(token), ...options })
  const authorized = (exchange: Exchange): Exchange => withHeaders(exchange, { Authorization: `Bearer ${token}` })
  const traces = await loadTraces()
  const target = authorized(withToken())
  const attackTarget = await createAttackTarget(target)

  describe(`${name}: the wire contract`, () => {
    bind({ test }, wireContract(wireTarget(serve)))
  })
  describe(`${name}: operations that the host refuses`, () => {
    bindRefusedUnread(memoryProvider(), serve)
  })
  describe(`${name}: all traces in entra`, () => {
    bind({ test }, traceContract(traces, withToken({ interop: 'entra' }), { token }))
  })
  describe(`${name}: the traces in the defaults`, () => {
    const plain = traces.filter(({ compat }) => compat === undefined)
    bind({ test }, traceContract(plain, withToken(), { token }))
  })
  describe(`${name}: races`, () => {
    bind({ test }, raceContract(briefRaces, authorized(withToken()), effort))
  })
  describe(`${name}: hostile requests`, () => {
    bind({ test }, hostileContract(attackTarget, target), waived)
  })
}
