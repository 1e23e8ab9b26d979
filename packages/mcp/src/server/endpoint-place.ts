/** The place of the MCP endpoint in a request, and that of the SCIM routes beside it. */
import { type BasePath, locateMount, type MountParameters, pathOf, type ScimRequest } from '@scimkit/core/adapter'

/** The values of the parameters of the endpoint's path if a target has exactly that path; else undefined. */
export function parametersOf(target: string, endpoint: BasePath): MountParameters | undefined {
  const path = pathOf(target)
  const { inside, mount, mountParameters = {} } = locateMount(path, path, endpoint)
  return inside && mount === path ? mountParameters : undefined
}

/** The request as one below the SCIM routes, so that locations in results are those of SCIM. */
export function besideScim(request: ScimRequest, scimPath: BasePath, mountParameters: MountParameters): ScimRequest {
  const { method, target, scheme, host, headersMayBeMissing, bodyDecoded, waitUntil } = request
  return {
    method,
    target,
    mount: mountOf(scimPath, mountParameters),
    mountParameters,
    scheme,
    host,
    header: (name) => request.header(name),
    ...(headersMayBeMissing !== undefined && { headersMayBeMissing }),
    ...(bodyDecoded !== undefined && { bodyDecoded }),
    body: (limit, grown) => request.body(limit, grown),
    waitUntil,
    // Adapters create a signal on first use.
    get signal() {
      return request.signal as AbortSignal
    },
  }
}

function mountOf({ segments }: BasePath, parameters: MountParameters): string {
  const texts = segments.map((segment) =>
    segment.kind === 'text' ? segment.text : encodeURIComponent(parameters[segment.name] ?? ''),
  )
  return texts.map((text) => `/${text}`).join('')
}
