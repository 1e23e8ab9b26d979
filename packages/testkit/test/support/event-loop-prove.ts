/**
 * No legal request blocks the event loop for long: the most expensive lists on one tenant, in any store. 2,000 users here,
 * where only turns of the event loop are counted; 60,000 with SCIMKIT_EFFORT=full, where the pauses are timed.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createScim, tenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { effort } from './effort.js'
import { readsBeside, type Stops, stopsOf } from './event-loop-stops.js'
import { hostileRequests, hostileTenant, type TenantSize } from './hostile-tenant.js'

const size: TenantSize = {
  short: { users: 2_000, members: 500, nested: 60 },
  full: { users: 60_000, members: 10_000, nested: 600 },
}[effort]
const longestStop = 250
const longestRead = 500

/** Binds the cases to a store, which is filled first and closed at the end. */
export function proveEventLoop(store: string, provider: ResourceProvider, close: () => Promise<void>): void {
  const scim = createScim({ provider })
  const context = scim.context({ tenant: tenantId('here'), principal: 'idp', baseUrl: 'https://app.example/scim/v2' })
  const requests = hostileRequests(size)
  const seen: (Stops & { readonly name: string })[] = []

  beforeAll(async () => {
    for (const { ref, next } of hostileTenant(size)) await provider.insert(ref, next, context)
  }, 600_000)

  afterAll(async () => {
    await close()
    if (effort === 'full') {
      for (const { name, longest, took, end } of seen) {
        console.log(`${name}: longest stop ${longest.toFixed(1)} ms, took ${took.toFixed(0)} ms, ${end}`)
      }
    }
  })

  describe(`${size.users.toLocaleString('en')} users in ${store}`, () => {
    it.each(requests)(
      '%s',
      async (name, operation) => {
        const stops = await stopsOf(scim, context, operation)
        seen.push({ name, ...stops })
        expect(['list', 'success', '400 tooMany']).toContain(stops.end)
        if (effort === 'full') expect(stops.longest).toBeLessThanOrEqual(longestStop)
      },
      600_000,
    )

    it('others get turns while each long request runs', () => {
      // A portion is some milliseconds; a generous multiple of that is acceptable.
      const long = seen.filter(({ took }) => took > 200)
      for (const { name, turns } of long) expect([name, turns > 3]).toEqual([name, true])
    })

    it('GETs by id beside twelve of them at once', async () => {
      const others = requests.slice(0, 12).map(([, operation]) => operation)
      const read = (i: number) => ({ kind: 'get', ref: { type: 'User', id: `u${(i * 31) % size.users}` } }) as const
      const latencies = await readsBeside(scim, context, others, read, effort === 'full' ? 60_000 : 1_000)
      const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0
      expect(latencies.length).toBeGreaterThan(0)
      if (effort === 'full') {
        console.log(`${latencies.length} GETs by id beside twelve lists: p99 ${p99.toFixed(1)} ms`)
        expect(p99).toBeLessThanOrEqual(longestRead)
      }
    }, 600_000)
  })
}
