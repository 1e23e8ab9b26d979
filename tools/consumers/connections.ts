import { type Connections, memoryRateLimiter, memoryRecords, permissions, scimConnections } from '@scimkit/connections'
import { nodeKeyFetcher, processRateLimiter } from '@scimkit/connections/node'
import { createScim, type ScimOptions } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'

export async function run(): Promise<void> {
  const connections: Connections = scimConnections({
    store: memoryRecords(),
    issuer: 'https://app.example/scim/:tenant',
    keys: nodeKeyFetcher(),
    authorize: permissions({ scopes: { helpdesk: [{ operations: ['get'] }] } }),
  })
  const { token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
  const rates: NonNullable<ScimOptions['rateLimit']>[] = [memoryRateLimiter(), processRateLimiter()].map((limiter) => ({
    limiter,
    tenant: { perSecond: 1, burst: 1 },
  }))
  for (const rateLimit of rates) {
    const { authenticate, authorize } = connections
    const scim = createScim({ provider: memoryProvider(), authenticate, authorize, rateLimit })
    const statuses: number[] = []
    for (const text of [token?.text, token?.text, 'wrong']) {
      const { status } = await scim.handle({
        method: 'GET',
        target: '/Users',
        mount: '',
        scheme: 'https',
        host: 'app.example',
        header: (name) => (name === 'authorization' ? `Bearer ${text}` : undefined),
        body: async () => ({ kind: 'bytes', bytes: new Uint8Array() }),
      })
      statuses.push(status)
    }
    if (statuses.join() !== '200,429,401') throw new Error(statuses.join())
  }
  if (!connections.tokenEndpoint.matches('/scim/acme/oauth/token')) throw new Error('no token endpoint')
}
