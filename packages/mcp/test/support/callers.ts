import { type Authenticator, tenantId } from '@scimkit/core'

/** Tokens are `tenant.name`: any name of the two tenants is a caller. */
export const byToken: Authenticator = (request) => {
  const [tenant = '', principal = ''] = (request.header('authorization') ?? '').slice('Bearer '.length).split('.')
  return ['acme', 'globex'].includes(tenant) && principal !== '' ? { tenant: tenantId(tenant), principal } : undefined
}
