import type { TenantId } from '../context.js'

/**
 * Names a tenant: 1 to 128 characters. Authenticators call this on what they have verified, nobody on what a client
 * sent. Throws a TypeError for an empty or missing name, so that a forgotten field never means "everybody".
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
