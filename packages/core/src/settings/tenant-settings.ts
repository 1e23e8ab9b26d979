/** The settings that one tenant may have for itself, instead of those of the server. */
import type { TenantId } from '../context.js'
import type { IfMatchPolicy } from '../engine/if-match-policy.js'
import type { Quotas } from '../engine/quotas.js'
import type { Interop } from '../interop.js'
import type { TenantLimits } from '../limits.js'
import type { Authorizer } from '../operation-types/authorize.js'
import type { MaybePromise } from '../provider/provider.js'
import { checkRate, type RateLimitOptions } from '../rate-limit/rate-limit.js'
import type { Rate } from '../rate-limit/rate-limiter.js'
import type { ResourceTypeDefinition } from '../schema/schema-definition.js'

/** What a tenant has instead of the options of the server. A member that is absent is the server's. */
export interface TenantSettings {
  /** The resource types served. Tenants that return the same list share it; it is compiled once. */
  readonly resourceTypes?: readonly ResourceTypeDefinition[]
  /** The interop preset or switches, unless the authenticator returns others for its caller. */
  readonly interop?: Interop
  /** Limits on what a request may cost; work in flight is limited for all tenants together. */
  readonly limits?: Partial<TenantLimits>
  /** How many resources of a type the tenant may have. Replaces all quotas of the server. */
  readonly quotas?: Quotas
  readonly requireIfMatch?: IfMatchPolicy
  /** What the callers of this tenant may do. Called instead of the server's function. */
  readonly authorize?: Authorizer
  /** Absolute URL of the tenant's SCIM root, unless the authenticator returns another for its caller. */
  readonly baseUrl?: string
  /** Requests of the tenant, all its callers together. Needs the option `rateLimit` of the server. */
  readonly rate?: Rate
}

/**
 * The settings of a tenant: called for every request, after authentication. Return the same object (not an equal one)
 * as long as nothing has changed, and another object to change the settings: the next request has them. Undefined: the
 * settings of the server. Invalid settings fail the requests of that tenant with 500, and go to `onError`.
 */
export type TenantSettingsSource = (tenant: TenantId) => MaybePromise<TenantSettings | undefined>

const known: Readonly<Record<keyof TenantSettings, true>> = {
  resourceTypes: true,
  interop: true,
  limits: true,
  quotas: true,
  requireIfMatch: true,
  authorize: true,
  baseUrl: true,
  rate: true,
}

/** Throws a TypeError for a setting that does not exist, or has no effect. */
export function checkTenantSettings(settings: TenantSettings, rateLimit: RateLimitOptions | undefined): void {
  if (typeof settings !== 'object' || settings === null) {
    throw new TypeError('tenantSettings: expected an object, or undefined for the settings of the server')
  }
  for (const name of Object.keys(settings)) {
    if (Object.hasOwn(known, name)) continue
    throw new TypeError(`tenantSettings: unknown setting "${name}"; known are ${Object.keys(known).join(', ')}`)
  }
  const { authorize, rate } = settings
  if (rate !== undefined && rateLimit === undefined) {
    throw new TypeError('tenantSettings.rate: the server has no option rateLimit, so nothing counts requests')
  }
  if (rate !== undefined) checkRate(rate, 'tenantSettings.rate')
  if (authorize !== undefined && typeof authorize !== 'function') {
    throw new TypeError('tenantSettings.authorize: expected a function')
  }
}
