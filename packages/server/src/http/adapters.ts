import type { RequestListener } from 'node:http'
import { limitsFrom, type ScimOptions } from '@scimkit/core'
import type { HttpHandler } from '@scimkit/core/adapter'

/** Creates a web application with SCIM below `basePath` (`` or `/scim/v2`), as a request listener of node:http. `handlers` answer paths of their own, before SCIM. */
export type AdapterFactory = (
  options: ScimOptions,
  basePath: string,
  handlers: readonly HttpHandler[],
) => Promise<RequestListener>

/** The values of `--adapter`. Each framework is loaded on first use, so an unused framework costs nothing. */
export const adapters: Readonly<Record<string, AdapterFactory>> = {
  async express(options, basePath, handlers) {
    const [{ default: express }, { httpRouter, scimRouter }] = await Promise.all([
      import('express'),
      import('@scimkit/express-adapter'),
    ])
    const app = express()
    app.disable('x-powered-by')
    for (const handler of handlers) app.use(httpRouter(handler))
    app.use(scimRouter({ ...options, basePath }))
    app.use((_req, res) => {
      res.status(404).type('text/plain').send(notFound(basePath))
    })
    return app
  },
  async koa(options, basePath, handlers) {
    const [{ default: Koa }, { httpMiddleware, scimMiddleware }] = await Promise.all([
      import('koa'),
      import('@scimkit/koa-adapter'),
    ])
    const app = new Koa()
    // The adapter handles errors of requests. Koa would still print connections that clients break, for any `--log`.
    app.silent = true
    for (const handler of handlers) app.use(httpMiddleware(handler))
    app.use(scimMiddleware({ ...options, basePath }))
    app.use((ctx) => {
      ctx.status = 404
      ctx.body = notFound(basePath)
    })
    return app.callback()
  },
  async hono(options, basePath, handlers) {
    const [{ Hono }, { getRequestListener }, { httpApp, scimApp }, { localHost, unreadAnswers }, { refusedRequest }] =
      await Promise.all([
        import('hono'),
        import('@hono/node-server'),
        import('@scimkit/hono-adapter'),
        import('@scimkit/node-http'),
        import('@scimkit/fetch-http'),
      ])
    const app = new Hono()
    for (const handler of handlers) app.route('/', httpApp(handler))
    app.route('/', scimApp({ ...options, basePath }))
    app.notFound((c) => c.text(notFound(basePath), 404))
    const listener = getRequestListener(app.fetch, { errorHandler: refusedRequest })
    const unread = unreadAnswers(limitsFrom(options.limits))
    return (req, res) => {
      // @hono/node-server needs a host for its URLs, but HTTP/1.0 does not require the Host header (RFC 9112 §3.2).
      if (req.httpVersion === '1.0') req.headers.host ||= localHost(req)
      // Hono returns its response to the host, so the host must handle clients that do not receive it.
      res.once('prefinish', () => unread.watch(res))
      return listener(req, res)
    }
  },
}

/** Creates the application of the adapter with this name. Throws a TypeError for an unknown name. */
export function createApp(
  adapter: string,
  options: ScimOptions,
  basePath: string,
  handlers: readonly HttpHandler[] = [],
): Promise<RequestListener> {
  const factory = adapters[adapter]
  if (factory === undefined)
    throw new TypeError(`Unknown name "${adapter}"; known names: ${Object.keys(adapters).join(', ')}.`)
  return factory(options, basePath, handlers)
}

// A wrong base path is the usual mistake in the settings of an identity provider, so the answer names the right one.
const notFound = (basePath: string) => `Not found. SCIM is below ${basePath}, for example ${basePath}/Users.\n`
