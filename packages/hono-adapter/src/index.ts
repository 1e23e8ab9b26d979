import { createScim, type ScimOptions } from '@scimkit/core'
import { basePathOf, type HttpHandler, locateMount } from '@scimkit/core/adapter'
import { answerFetch, receivedTarget, waitUntilOf } from '@scimkit/fetch-http'
import { withMemory } from '@scimkit/memory-provider'
import { type Context, Hono } from 'hono'

/** The options of every adapter, and the path of SCIM below this app: for example `/scim/v2`; by default every path. */
export interface HonoScimOptions<Bindings extends object = object> extends Partial<ScimOptions<Bindings>> {
  readonly basePath?: string
}

/**
 * SCIM as a Hono app: `app.route('/scim/v2', scimApp({ provider, authenticate }))`, on Node, Bun, Deno and Workers.
 * Without a provider all data is in memory, and then without `authenticate` every client is accepted; each prints one
 * warning. `authenticate` and a `provider` function receive Hono's `env` (the bindings of Workers). If Hono has an
 * execution context, a client that disconnects cancels nothing. The app answers every path below the route; with
 * `basePath`, every path below that, and passes others to the next handler.
 * @example
 * ```ts
 * import { bearerToken } from '@scimkit/core'
 * import { scimApp } from '@scimkit/hono-adapter'
 * import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
 * import { Hono } from 'hono'
 *
 * const authenticate = bearerToken(process.env.SCIM_TOKEN ?? '')
 * const app = new Hono().route('/scim/v2', scimApp({ provider: sqliteProvider('people.db'), authenticate }))
 * ```
 */
export function scimApp<Bindings extends object = object>(options: HonoScimOptions<Bindings> = {}): Hono {
  const { basePath: path = '', ...scimOptions } = options
  const basePath = basePathOf(path)
  const scim = createScim(withMemory(scimOptions))
  return new Hono().all('*', (c, next) => {
    const { received, left } = receivedTarget(c.req.raw, c.env)
    const place = locateMount(received, belowRoute(c, left), basePath, c.req.param())
    const mounted = { ...place, parsedBody: () => c.req.text(), waitUntil: waitUntilOf(executionContext(c)) }
    return place.inside ? answerFetch(scim, c.req.raw, mounted, c.env) : next()
  })
}

/**
 * A handler of other paths, such as a token endpoint, for the root of the application:
 * `app.route('/', httpApp(handler))`. Other paths are passed to the next handler.
 */
export function httpApp(handler: HttpHandler): Hono {
  return new Hono().all('*', (c, next) => {
    const { received: target } = receivedTarget(c.req.raw, c.env)
    const mounted = { target, mount: '', parsedBody: () => c.req.text(), waitUntil: waitUntilOf(executionContext(c)) }
    return handler.matches(target) ? answerFetch(handler, c.req.raw, mounted, c.env) : next()
  })
}

// Hono throws if the host has passed none. The exception costs a tenth of a small request, so it is avoided for
// `@hono/node-server`, which passes Node's request as `incoming` and never a context.
function executionContext(c: Context): unknown {
  if ('incoming' in (c.env ?? {})) return undefined
  try {
    return c.executionCtx
  } catch {
    return undefined
  }
}

// The route is a pattern (`/:tenant/scim/v2/*`) with one segment for each of the path; the remainder is counted from the end.
function belowRoute(c: Context, target: string): string {
  const depth = c.req.routePath.split('/').length - 1
  const below = c.req.path.split('/').length - depth
  const [path = ''] = target.split('?', 1)
  return below === 0 ? '' : `/${path.split('/').slice(-below).join('/')}`
}
