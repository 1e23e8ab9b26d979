import { checkedMount, createScim, type ScimOptions } from '@scimkit/core'
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
  const basePath = checkedMount(path)
  const scim = createScim(withMemory(scimOptions))
  return async (ctx, next) => {
    if (ctx.path !== basePath && !ctx.path.startsWith(`${basePath}/`)) return next()
    ctx.respond = false
    const { onerror } = ctx
    // Koa takes a client that goes away in the middle of its body for a failure of the application.
    ctx.onerror = (error) => {
      if (!isOfConnection(error, ctx.req)) onerror.call(ctx, error)
    }
    const mounted = { target: ctx.originalUrl, mount: mountOf(ctx, basePath), parsedBody: () => bodyOf(ctx) }
    await answerRequest(scim, ctx.req, ctx.res, mounted, ctx)
  }
}

// koa-mount takes its prefix off `url` and leaves `originalUrl`; what is missing in front is the outer mount. Of the
// mount itself it leaves `/`, which the address need not have.
function mountOf({ url, originalUrl }: Context, basePath: string): string {
  const inner = url === '/' || url.startsWith('/?') ? url.slice(1) : url
  const outer = originalUrl.endsWith(inner) ? originalUrl.slice(0, originalUrl.length - inner.length) : ''
  return (outer.endsWith('/') ? outer.slice(0, -1) : outer) + basePath
}

// Where koa-bodyparser and koa-body leave what they made of the stream.
function bodyOf(ctx: Context): unknown {
  return 'body' in ctx.request ? ctx.request.body : undefined
}
