import { basePathOf, createScim, placeOf, type ScimOptions } from '@scimkit/core'
import { withMemory } from '@scimkit/memory-provider'
import { answerFetch } from './answer-fetch.js'
import { receivedTarget } from './received-target.js'
import { waitUntilOf } from './wait-until-of.js'

/** The options of every adapter, and where SCIM lives: `/scim/v2`, or everything by default. */
export interface FetchScimOptions extends Partial<ScimOptions> {
  readonly basePath?: string
}

/**
 * SCIM as a `fetch` handler, for Bun.serve, Deno.serve, Workers and any other host of web requests. `env`, the
 * second thing that such hosts hand over, is what `authenticate` and a `provider` function are given as `native`; without
 * one it is the request. If `context`, the third thing that Workers hands over, has `waitUntil`, a client that goes away cancels
 * nothing. Every path is answered here; those outside `basePath` are 404 to whoever is let in.
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
export function fetchHandler(
  options: FetchScimOptions = {},
): (request: Request, env?: unknown, context?: unknown) => Promise<Response> {
  const { basePath: path = '', ...scimOptions } = options
  const basePath = basePathOf(path)
  const scim = createScim(withMemory(scimOptions))
  return (request, env, context) => {
    const { received, left } = receivedTarget(request, env)
    const place = placeOf(received, left, basePath)
    const mounted = { ...place, parsedBody: () => undefined, waitUntil: waitUntilOf(context) }
    return answerFetch(scim, request, mounted, env ?? request)
  }
}
