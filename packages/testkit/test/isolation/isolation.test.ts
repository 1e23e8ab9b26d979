/** Isolation of tenants in the short form, on each store; and that the proof finds stores that mix tenants. */
import { describe, expect, test } from '@jest/globals'
import { tenantId } from '@scimkit/core'
import type { CreationKey, ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { type IsolationTarget, proveIsolation } from '../../src/index.js'
import { wrongTenants as broken } from '../broken-providers/tenants.js'
import { seed } from '../support/effort.js'
import { isolationStores } from './support/stores.js'
import { targetOn } from './support/target.js'

describe.each(isolationStores)('isolation on $name (SEC-5)', ({ open }) => {
  test(`50 tenants, 2,000 requests, seed ${seed}`, async () => {
    const store = await open()
    try {
      const report = await proveIsolation({ target: targetOn(store.provider), tenants: 50, requests: 2_000, seed })
      expect(report.leaks).toEqual([])
      expect(report.requests).toBeGreaterThanOrEqual(2_000)
      // Each kind of attack has been carried out.
      expect(report.attacks.size).toBeGreaterThan(15)
    } finally {
      await store.close()
    }
  })
})

// The core reads a resource before it replaces or removes it, so the other two show in the contract of providers alone.
const reachable = broken.filter(
  ({ name }) => !['ignores the tenant on replace', 'ignores the tenant on remove'].includes(name),
)

async function leaksOf(target: IsolationTarget, requests = 600): Promise<readonly string[]> {
  const proof = proveIsolation({ target, tenants: 6, requests, seed })
  // Some faults break requests of the tenants themselves.
  return proof.then(
    ({ leaks }) => leaks,
    (error: unknown) => [String(error)],
  )
}

describe('the proof finds', () => {
  test.each(reachable)('a provider that $name', async ({ make }) => {
    expect(await leaksOf(targetOn(make()))).not.toEqual([])
  })

  test('keys of creates that all tenants share', async () => {
    const inner = memoryProvider()
    const shared = { tenant: tenantId('shared') }
    const sharedKey = (key: CreationKey): CreationKey => ({ ...key, principal: 'shared' })
    const provider: ResourceProvider = {
      ...inner,
      createdWith: (key, context) => inner.createdWith?.(sharedKey(key), { ...context, ...shared }),
      async insert(ref, next, context) {
        const { creationKey } = next
        if (creationKey !== undefined) {
          // The record of the key, in a tenant that all of them read.
          const copy = { ...next, unique: [], creationKey: sharedKey(creationKey) }
          await inner.insert({ ...ref, id: `copy-${ref.id}` }, copy, { ...context, ...shared })
        }
        return inner.insert(ref, next, context)
      },
    }
    expect(await leaksOf(targetOn(provider))).toEqual(
      expect.arrayContaining([expect.stringContaining('idempotency key')]),
    )
  })

  test('credentials that are accepted at the address of another tenant', async () => {
    const target = targetOn(memoryProvider())
    const open: IsolationTarget = { ...target, exchange: (caller) => target.exchange(caller) }
    expect((await leaksOf(open)).join()).toContain(' at tenant-')
  })

  test('an answer that shows whether a tenant exists', async () => {
    const target = targetOn(memoryProvider())
    const telling: IsolationTarget = {
      ...target,
      exchange:
        (caller, at = caller) =>
        async (request) => {
          const response = await target.exchange(caller, at)(request)
          return at.endsWith('-is-not-there') ? { ...response, status: 404 } : response
        },
    }
    expect((await leaksOf(telling)).join()).toContain('exists')
  })

  test('an event of another tenant, and an allowance that all tenants share', async () => {
    const target = targetOn(memoryProvider())
    const mixing: IsolationTarget = {
      ...target,
      events: () => (target.events?.() ?? []).map((event) => ({ ...event, tenant: 'tenant-0' })),
    }
    expect((await leaksOf(mixing)).join()).toContain('event: tenant-0')
    const unlimited = { ...targetOn(memoryProvider()), limited: { tenant: 'tenant-0', burst: 2 } }
    expect((await leaksOf(unlimited, 2_000)).join()).toContain('were not limited')
  })

  test('nothing in a correct server', async () => {
    expect(await leaksOf(targetOn(memoryProvider()))).toEqual([])
  })
})
