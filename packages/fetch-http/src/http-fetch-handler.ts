import type { HttpHandler } from '@scimkit/core/adapter'
import { answerFetch } from './answer-fetch.js'
import { receivedTarget } from './received-target.js'
import { waitUntilOf } from './wait-until-of.js'

/** A `fetch` function of a host of web requests; `env` and `context` are those of Workers. */
export type FetchFunction<Native = unknown> = (
  request: Request,
  env?: Native,
  context?: unknown,
) => Response | Promise<Response>

/**
 * A handler of other paths, such as a token endpoint, in front of the function for all other requests. Without `next`
 * the handler answers them too, with 404.
 * @example
 * ```ts
 * import { scimConnections } from '@scimkit/connections'
 * import { tenantFromPath } from '@scimkit/core'
 * import { fetchHandler, httpFetchHandler } from '@scimkit/fetch-http'
 * import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
 *
 * const provider = sqliteProvider('people.db')
 * const issuer = 'https://app.example/scim/:tenant'
 * const connections = scimConnections({ store: provider.records, issuer, tenant: tenantFromPath() })
 * const { authenticate, authorize, tokenEndpoint } = connections
 * const scim = fetchHandler({ basePath: '/scim/:tenant/v2', provider, authenticate, authorize })
 * const fetch = httpFetchHandler(tokenEndpoint, scim)
 * ```
 */
export function httpFetchHandler<Native = unknown>(
  handler: HttpHandler,
  next?: FetchFunction<Native>,
): (request: Request, env?: Native, context?: unknown) => Promise<Response> {
  return async (request, env, context) => {
    const { received: target } = receivedTarget(request, env)
    if (next !== undefined && !handler.matches(target)) return next(request, env, context)
    const mounted = { target, mount: '', parsedBody: () => undefined, waitUntil: waitUntilOf(context) }
    return answerFetch(handler, request, mounted, env ?? request)
  }
}
