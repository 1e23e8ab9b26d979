import { type ScimContext, type TenantId, tenantId } from '@scimkit/core'
import { interopFrom } from '@scimkit/core/filter'

/** A complete context for calling a provider or `perform` in a test: no subject, lenient, never aborted. */
export function testContext(tenant: TenantId = tenantId('test')): ScimContext {
  return {
    tenant,
    principal: 'testkit',
    requestId: 'testkit',
    signal: undefined,
    interop: interopFrom('lenient'),
    baseUrl: 'https://scim.example/scim/v2',
    mediaType: 'application/scim+json',
  }
}
