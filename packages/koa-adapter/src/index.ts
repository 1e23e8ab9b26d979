import { basePathOf, createScim, type MountParameters, placeOf, type ScimOptions } from '@scimkit/core'
import { withMemory } from '@scimkit/memory-provider'
import { answerRequest, isOfConnection } from '@scimkit/node-http'
import type { Context, Middleware } from 'koa'

/** The options of every adapter, and where below this middleware SCIM lives: `/scim/v2`, or everything by default. */
export interface KoaScimOptions extends Partial<ScimOptions> {
  readonly basePath?: string
}

/**
 * SCIM for Koa 3 and 2: `app.use(scimMiddleware({ basePath: '/scim/v2', provider, authenticate }))`, or under koa-mount.
 * Mount it before body parsers. Without a provider everything lives in memory, and without `authenticate` as well
 * everybody is let in; both are warned of once. `authenticate` and a `provider` function are given Koa's context.
 * Every path below `basePath` is answered here; others go on to the next middleware.
 */
export function scimMiddleware(options: KoaScimOptions = {}): Middleware {
  const { basePath: path = '', ...scimOptions } = options
  const basePath = basePathOf(path)
  const scim = createScim(withMemory(scimOptions))
  return async (ctx, next) => {
    const place = placeOf(ctx.originalUrl, ctx.url, basePath, paramsOf(ctx))
    if (!place.inside) return next()
    ctx.respond = false
    const { onerror } = ctx
    // Koa takes a client that goes away in the middle of its body for a failure of the application.
    ctx.onerror = (error) => {
      if (!isOfConnection(error, ctx.req)) onerror.call(ctx, error)
    }
    await answerRequest(scim, ctx.req, ctx.res, { ...place, parsedBody: () => bodyOf(ctx) }, ctx)
  }
}

// Where a router leaves the parameters of its route.
function paramsOf(ctx: Context): MountParameters {
  return 'params' in ctx ? ctx.params : {}
}

// Where koa-bodyparser and koa-body leave what they made of the stream.
function bodyOf(ctx: Context): unknown {
  return 'body' in ctx.request ? ctx.request.body : undefined
}
