import { memoryRateLimiter, memoryRecords, scimConnections } from '@scimkit/connections'
import { createScim, type ScimEvent, tenantFromPath } from '@scimkit/core'
import type { RecordStore, ResourceProvider } from '@scimkit/core/provider'
import { type IsolationTarget, type SeenEvent, viaHandler } from '../../../src/index.js'

const limited = { tenant: 'limited', burst: 5 }
const limitedSettings = { rate: { perSecond: 0.01, burst: limited.burst } }

/** A server at `/scim/:tenant/v2` over a store, with a connection and a token for each tenant. */
export function targetOn(provider: ResourceProvider & { readonly records?: RecordStore }): IsolationTarget {
  let events: SeenEvent[] = []
  const connections = scimConnections({ store: provider.records ?? memoryRecords(), tenant: tenantFromPath() })
  const { authenticate, authorize } = connections
  const scim = createScim({
    provider,
    authenticate,
    authorize,
    rateLimit: { limiter: memoryRateLimiter() },
    tenantSettings: (tenant) => (tenant === limited.tenant ? limitedSettings : undefined),
    onEvent: (event) => events.push(seen(event)),
    onError: (error) => {
      throw error
    },
  })
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (tenant: string): Promise<string> => {
    const token = tokens.get(tenant) ?? newToken(tenant)
    tokens.set(tenant, token)
    return token
  }
  const newToken = async (tenant: string): Promise<string> => {
    const { token } = await connections.create({ tenant, name: 'provisioning', token: true })
    if (token === undefined) throw new Error('a connection without a token')
    return token.text
  }
  return {
    limited,
    events() {
      const taken = events
      events = []
      return taken
    },
    exchange(caller, at = caller) {
      const exchange = viaHandler(scim.handle, { mount: `/scim/${at}/v2`, mountParameters: { tenant: at } })
      return async (request) => {
        const credentials = { Authorization: `Bearer ${await tokenOf(caller)}` }
        return exchange({ ...request, headers: { ...credentials, ...request.headers } })
      }
    },
  }
}

function seen(event: ScimEvent): SeenEvent {
  return { tenant: event.tenant, id: event.id }
}
