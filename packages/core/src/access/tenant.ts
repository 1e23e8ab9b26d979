import type { TenantId } from '../context.js'

/**
 * Names a tenant: 1 to 128 characters. Call it with a name that an authenticator has verified, never with a client's
 * input. Throws a TypeError for an empty or missing name, so that a forgotten field never means all tenants.
 * @example
 * ```ts
 * import { tenantId } from '@scimkit/core'
 *
 * const tenant = tenantId('acme')
 * ```
 */
export function tenantId(name: string): TenantId {
  if (typeof name !== 'string' || name.length === 0 || name.length > 128) {
    throw new TypeError('A tenant needs a name of 1 to 128 characters.')
  }
  return name as TenantId
}
