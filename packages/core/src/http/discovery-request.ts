/** Discovery over HTTP. @see RFC 7644 §4 */
import { ScimError, scimError } from '../errors.js'
import type { DiscoverOperation, DiscoveryEndpoint } from '../operation-types/operation.js'
import type { Precondition } from '../versioning/precondition.js'
import type { ScimRequest } from './adapter-interface.js'
import { asWritten, parseTarget, type Target } from './url/target.js'

const endpoints: readonly unknown[] = [
  'ServiceProviderConfig',
  'ResourceTypes',
  'Schemas',
] satisfies DiscoveryEndpoint[]

/** True for the path segment of a discovery endpoint. */
export function isDiscoveryEndpoint(segment: unknown): segment is DiscoveryEndpoint {
  return endpoints.includes(segment)
}

/** The operation for a discovery endpoint. `method` is GET for HEAD too. Throws 403 and 405. */
export function discoveryOperation(
  method: string,
  endpoint: DiscoveryEndpoint,
  { segments: [, id], query }: Target,
  precondition: Precondition,
): DiscoverOperation {
  if (method !== 'GET') throw scimError.methodNotAllowed('GET, HEAD')
  // RFC 7644 §4: a filter here SHALL be 403, so that no client mistakes the whole list for the result of the filter.
  if (query.has('filter')) throw scimError.forbidden('Discovery endpoints do not support filters (RFC 7644 §4).')
  return { kind: 'discover', endpoint, precondition, ...(id !== undefined && { id }) }
}

/** True for a request that reads a document which a host may show without authentication. @see RFC 7643 §5 */
export function isDiscoveryRead({ method, target, mount }: ScimRequest, longest: number): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || target.length > longest) return false
  try {
    const { segments } = parseTarget(target, mount, asWritten)
    return segments.length < 3 && isDiscoveryEndpoint(segments[0])
  } catch (error) {
    if (error instanceof ScimError) return false
    throw error
  }
}
