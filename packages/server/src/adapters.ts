import type { RequestListener } from 'node:http'
import type { ScimOptions } from '@scimkit/core'

/** Makes a whole web application with SCIM under `basePath` (`` or `/scim/v2`), as something node:http can call. */
export type AdapterFactory = (options: ScimOptions, basePath: string) => Promise<RequestListener>

/** What `--adapter` can name. Each is loaded only when asked for, so an unused framework costs nothing. */
export const adapters: Readonly<Record<string, AdapterFactory>> = {
  async express(options, basePath) {
    const [{ default: express }, { scimRouter }] = await Promise.all([
      import('express'),
      import('@scimkit/express-adapter'),
    ])
    const app = express()
    app.disable('x-powered-by')
    app.use(scimRouter({ ...options, basePath }))
    app.use((_req, res) => {
      res.status(404).type('text/plain').send(nothingHere(basePath))
    })
    return app
  },
  async koa(options, basePath) {
    const [{ default: Koa }, { scimMiddleware }] = await Promise.all([import('koa'), import('@scimkit/koa-adapter')])
    const app = new Koa()
    app.use(scimMiddleware({ ...options, basePath }))
    app.use((ctx) => {
      ctx.status = 404
      ctx.body = nothingHere(basePath)
    })
    return app.callback()
  },
  async hono(options, basePath) {
    const [{ Hono }, { getRequestListener }, { scimApp }, { refusedRequest }] = await Promise.all([
      import('hono'),
      import('@hono/node-server'),
      import('@scimkit/hono-adapter'),
      import('@scimkit/fetch-http'),
    ])
    const app = new Hono().route('/', scimApp({ ...options, basePath }))
    app.notFound((c) => c.text(nothingHere(basePath), 404))
    return getRequestListener(app.fetch, { errorHandler: refusedRequest })
  },
}

// The usual mistake when a server is set up in an identity provider, so the answer says what to do about it.
const nothingHere = (basePath: string) => `Nothing here. SCIM is below ${basePath}, for example ${basePath}/Users.\n`
