import type { RequestListener } from 'node:http'
import { limitsFrom, type ScimOptions } from '@scimkit/core'

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
    // Of what is left to go wrong here, Koa would print connections that clients have broken, whatever `--log` says.
    app.silent = true
    app.use(scimMiddleware({ ...options, basePath }))
    app.use((ctx) => {
      ctx.status = 404
      ctx.body = nothingHere(basePath)
    })
    return app.callback()
  },
  async hono(options, basePath) {
    const [{ Hono }, { getRequestListener }, { scimApp }, { localHost, unreadAnswers }, { refusedRequest }] =
      await Promise.all([
        import('hono'),
        import('@hono/node-server'),
        import('@scimkit/hono-adapter'),
        import('@scimkit/node-http'),
        import('@scimkit/fetch-http'),
      ])
    const app = new Hono().route('/', scimApp({ ...options, basePath }))
    app.notFound((c) => c.text(nothingHere(basePath), 404))
    const listener = getRequestListener(app.fetch, { errorHandler: refusedRequest })
    const unread = unreadAnswers(limitsFrom(options.limits))
    return (req, res) => {
      // @hono/node-server needs a host for its URLs, which HTTP/1.0 need not send (RFC 9112 §3.2).
      if (req.httpVersion === '1.0') req.headers.host ||= localHost(req)
      // Hono gives its answer to the host, so the host has to see to clients that do not receive it.
      res.once('prefinish', () => unread.watch(res))
      return listener(req, res)
    }
  },
}

// The usual mistake when a server is set up in an identity provider, so the answer says what to do about it.
const nothingHere = (basePath: string) => `Nothing here. SCIM is below ${basePath}, for example ${basePath}/Users.\n`
