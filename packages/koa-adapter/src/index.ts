import { createScim, type ScimOptions } from '@scimkit/core'
import { basePathOf, type HttpHandler, locateMount, type MountParameters } from '@scimkit/core/adapter'
import { withMemory } from '@scimkit/memory-provider'
import { answerRequest, isOfConnection } from '@scimkit/node-http'
import type { Context, Middleware } from 'koa'

/** The options of every adapter, and the path of SCIM below this middleware: `/scim/v2`; by default every path. */
export interface KoaScimOptions extends Partial<ScimOptions<Context>> {
  readonly basePath?: string
}

/**
 * SCIM for Koa 3 and 2: `app.use(scimMiddleware({ basePath: '/scim/v2', provider, authenticate }))`, or under koa-mount.
 * Mount it before body parsers. Without a provider all data is in memory, and without `authenticate` as well every request
 * is accepted; both log one warning. `authenticate` and a `provider` function receive Koa's context. The adapter responds
 * to every path below `basePath`, and passes others to the next middleware.
 * @example
 * ```ts
 * import { bearerToken } from '@scimkit/core'
 * import { scimMiddleware } from '@scimkit/koa-adapter'
 * import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
 * import Koa from 'koa'
 *
 * const authenticate = bearerToken(process.env.SCIM_TOKEN ?? '')
 * const app = new Koa()
 * app.use(scimMiddleware({ basePath: '/scim/v2', provider: sqliteProvider('people.db'), authenticate }))
 * ```
 */
export function scimMiddleware(options: KoaScimOptions = {}): Middleware {
  const { basePath: path = '', ...scimOptions } = options
  const basePath = basePathOf(path)
  const scim = createScim(withMemory(scimOptions))
  return async (ctx, next) => {
    const place = locateMount(ctx.originalUrl, ctx.url, basePath, paramsOf(ctx))
    if (!place.inside) return next()
    leaveToUs(ctx)
    await answerRequest(scim, ctx.req, ctx.res, { ...place, parsedBody: () => bodyOf(ctx) }, ctx)
  }
}

/**
 * A handler of other paths, such as a token endpoint, for the root of the application: `app.use(httpMiddleware(handler))`,
 * before body parsers. Other paths are passed to the next middleware.
 */
export function httpMiddleware(handler: HttpHandler): Middleware {
  return async (ctx, next) => {
    const target = ctx.originalUrl
    if (!handler.matches(target)) return next()
    leaveToUs(ctx)
    await answerRequest(handler, ctx.req, ctx.res, { target, mount: '', parsedBody: () => bodyOf(ctx) }, ctx)
  }
}

// Koa writes no response, and reports a client that disconnects in the middle of its body as a failure of the application.
function leaveToUs(ctx: Context): void {
  ctx.respond = false
  const { onerror } = ctx
  ctx.onerror = (error) => {
    if (!isOfConnection(error, ctx.req)) onerror.call(ctx, error)
  }
}

// Where a router stores the parameters of its route.
function paramsOf(ctx: Context): MountParameters {
  return 'params' in ctx ? ctx.params : {}
}

// Where koa-bodyparser and koa-body store the parsed body.
function bodyOf(ctx: Context): unknown {
  return 'body' in ctx.request ? ctx.request.body : undefined
}
