import { createScim, type ScimOptions } from '@scimkit/core'
import { basePathOf, locateMount } from '@scimkit/core/adapter'
import { withMemory } from '@scimkit/memory-provider'
import { answerFetch } from './answer-fetch.js'
import { receivedTarget } from './received-target.js'
import { waitUntilOf } from './wait-until-of.js'

/** The options of every adapter, and the path of SCIM: for example `/scim/v2`; by default every path. */
export interface FetchScimOptions<Native = unknown> extends Partial<ScimOptions<Native>> {
  readonly basePath?: string
}

/**
 * SCIM as a `fetch` handler, for Bun.serve, Deno.serve, Workers and any other host of web requests. `env`, the second
 * argument of such hosts, is passed to `authenticate` and to a `provider` function as `native`; without it they get the
 * request. If `context`, the third argument of Workers, has `waitUntil`, a client that disconnects cancels nothing. The
 * handler answers every path; paths outside `basePath` are 404 for authenticated clients.
 * @example
 * ```ts
 * import { bearerToken } from '@scimkit/core'
 * import { fetchHandler } from '@scimkit/fetch-http'
 * import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
 *
 * const authenticate = bearerToken(process.env.SCIM_TOKEN ?? '')
 * const fetch = fetchHandler({ basePath: '/scim/v2', provider: sqliteProvider('people.db'), authenticate })
 * ```
 */
export function fetchHandler<Native = unknown>(
  options: FetchScimOptions<Native> = {},
): (request: Request, env?: Native, context?: unknown) => Promise<Response> {
  const { basePath: path = '', ...scimOptions } = options
  const basePath = basePathOf(path)
  const scim = createScim(withMemory(scimOptions))
  return (request, env, context) => {
    const { received, left } = receivedTarget(request, env)
    const place = locateMount(received, left, basePath)
    const mounted = { ...place, parsedBody: () => undefined, waitUntil: waitUntilOf(context) }
    // A host that passes no environment has functions that take the request.
    return answerFetch(scim, request, mounted, (env ?? request) as Native)
  }
}
