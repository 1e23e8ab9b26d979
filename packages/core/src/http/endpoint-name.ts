/** The endpoint of a request that was refused before it was routed. */
import type { Engine } from '../engine/engine.js'
import { findTypeAt } from '../engine/find-type.js'
import type { ScimRequest } from './adapter-interface.js'
import { isDiscoveryEndpoint } from './discovery-request.js'
import { parseTarget, type TargetSwitches } from './url/target.js'

/** The endpoints of a server, as far as they are known without a caller. */
export interface Endpoints {
  /** The types served to all callers; undefined where it depends on the caller. */
  readonly types: Engine['types'] | undefined
  readonly interop: TargetSwitches
  /** The most characters of a target that are read. */
  readonly targetLength: number
}

/**
 * The endpoint in the words of the `request` event: the name of a resource type, or the path segment of another
 * endpoint of this server; undefined for any other address. Never text of the request, so that it may go into a log
 * without a caller.
 */
export function endpointName(
  request: Pick<ScimRequest, 'target' | 'mount'>,
  { types, interop, targetLength }: Endpoints,
): string | undefined {
  const [first, second, third] = segmentsOf(request, interop, targetLength)
  if (first === undefined || third !== undefined) return undefined
  if (second === undefined && (first === 'Me' || first === '.search' || first === 'Bulk')) return first
  if (isDiscoveryEndpoint(first)) return first
  return types === undefined ? undefined : findTypeAt({ types }, first)?.name
}

function segmentsOf(
  { target, mount }: Pick<ScimRequest, 'target' | 'mount'>,
  interop: TargetSwitches,
  targetLength: number,
): readonly string[] {
  try {
    if (target.length > targetLength) return []
    const mark = target.indexOf('?')
    // Without the query: an error in it does not change the endpoint.
    return parseTarget(mark === -1 ? target : target.slice(0, mark), mount, interop).segments
  } catch {
    // The request has ended with another error already, which is the one to report.
    return []
  }
}
