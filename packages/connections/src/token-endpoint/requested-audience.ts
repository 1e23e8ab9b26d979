/** The endpoint that an access token is for, from the parameter `resource` of its request. @see RFC 8707 §2 */
import type { TokenAudience } from '../records/connection.js'
import type { Addresses } from './issuer-addresses.js'

/** Undefined for a resource that this server has not. Without the parameter a token is for SCIM. */
export function requestedAudience(
  resource: string | undefined,
  addresses: Pick<Addresses, 'resource' | 'mcp'>,
): TokenAudience | undefined {
  if (resource === undefined || isSame(resource, addresses.resource)) return 'scim'
  return addresses.mcp !== undefined && isSame(resource, addresses.mcp.resource) ? 'mcp' : undefined
}

// Clients add a slash to an address, or leave it out.
function isSame(given: string, resource: string): boolean {
  return given === resource || given === `${resource}/`
}
