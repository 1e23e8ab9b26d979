/** Discovery over HTTP. @see RFC 7644 §4 */
import { ScimError, scimError } from '../errors.js'
import type { DiscoverOperation, DiscoveryEndpoint } from '../operations/operation.js'
import type { Precondition } from '../versioning/precondition.js'
import type { ScimRequest } from './message.js'
import { asWritten, parseTarget, type Target } from './target.js'

const endpoints: readonly unknown[] = [
  'ServiceProviderConfig',
  'ResourceTypes',
  'Schemas',
] satisfies DiscoveryEndpoint[]

/** True for the path segment of a discovery endpoint. */
export function isDiscoveryEndpoint(segment: unknown): segment is DiscoveryEndpoint {
  return endpoints.includes(segment)
}

/** What is asked of a discovery endpoint. `method` is GET for HEAD too. Throws 403 and 405. */
export function discoveryOperation(
  method: string,
  endpoint: DiscoveryEndpoint,
  { segments: [, id], query }: Target,
  precondition: Precondition,
): DiscoverOperation {
  if (method !== 'GET') throw scimError.methodNotAllowed('GET, HEAD')
  // RFC 7644 §4: a filter here SHALL be 403, so that nobody takes the whole list for the answer to it.
  if (query.has('filter')) throw scimError.forbidden('Discovery endpoints take no filter (RFC 7644 §4).')
  return { kind: 'discover', endpoint, precondition, ...(id !== undefined && { id }) }
}

/** True for a request that reads what a host may show to everybody. @see RFC 7643 §5 */
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
