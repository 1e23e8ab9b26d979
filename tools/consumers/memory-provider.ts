import { createScim, tenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'

export async function run(): Promise<void> {
  const provider: ResourceProvider = memoryProvider()
  const scim = createScim({ provider })
  const context = scim.context({ tenant: tenantId('acme') })
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
  const created = await scim.perform({ kind: 'create', type: 'User', body: { schemas, userName: 'ada' } }, context)
  if (created.kind !== 'created') throw new Error(created.kind)
}
