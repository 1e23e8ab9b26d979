/** What each customer has instead of the usual settings. */
import { permissions } from '@scimkit/connections'
import type { TenantSettings, TenantSettingsSource } from '@scimkit/core'

/** The settings of customers; changed while the server runs. */
export interface Customers {
  readonly settings: TenantSettingsSource
  change(tenant: string, settings: TenantSettings): void
}

// Scopes of this product, beside `scim` and `scim.read`.
const authorize = permissions({
  scopes: {
    // What an identity provider gets: everything but the roles, which administrators of the product give.
    provisioning: [
      { types: ['User'], writable: { except: ['roles'] } },
      { types: ['Group'], operations: ['get', 'query', 'create', 'replace', 'patch', 'remove'] },
      { operations: ['discover', 'bulk'] },
    ],
    // What an auditor gets: the accounts, without personal data.
    audit: [
      { operations: ['get', 'query'], types: ['User'], readable: { only: ['userName', 'active'] } },
      { operations: ['discover'] },
    ],
  },
})

/** The customers of the example. */
export function customersOf(): Customers {
  const all = new Map<string, TenantSettings>([
    ['acme', { interop: 'entra', quotas: { User: 3 }, authorize }],
    ['globex', { authorize, rate: { perSecond: 5, burst: 40 } }],
  ])
  return {
    settings: (tenant) => all.get(tenant),
    change: (tenant, settings) => void all.set(tenant, { ...all.get(tenant), ...settings }),
  }
}
