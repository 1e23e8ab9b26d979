import { memoryRateLimiter } from '@scimkit/connections'
import { createScim, type ScimEvent, tenantFromPath, tenantId, withTenant } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { type IsolationTarget, type SeenEvent, viaHandler } from '../../../src/index.js'

const limited = { tenant: 'limited', burst: 5 }

/** A server at `/scim/:tenant/v2` over a store. The token of a tenant is its name. */
export function targetOn(provider: ResourceProvider): IsolationTarget {
  let events: SeenEvent[] = []
  const scim = createScim({
    provider,
    authenticate: withTenant(tenantFromPath(), (request) => ({
      tenant: tenantId(request.header('authorization')?.slice('Bearer '.length) ?? ''),
      principal: 'provisioning',
    })),
    rateLimit: { limiter: memoryRateLimiter() },
    tenantSettings: (tenant) => (tenant === limited.tenant ? limitedSettings : undefined),
    onEvent: (event) => events.push(seen(event)),
    onError: (error) => {
      throw error
    },
  })
  return {
    limited,
    events() {
      const taken = events
      events = []
      return taken
    },
    exchange(caller, at = caller) {
      const options = { mount: `/scim/${at}/v2`, mountParameters: { tenant: at } }
      const exchange = viaHandler(scim.handle, options)
      const credentials = { Authorization: `Bearer ${caller}` }
      return (request) => exchange({ ...request, headers: { ...credentials, ...request.headers } })
    },
  }
}

const limitedSettings = { rate: { perSecond: 0.01, burst: limited.burst } }

function seen(event: ScimEvent): SeenEvent {
  return { tenant: event.tenant, id: event.id }
}
