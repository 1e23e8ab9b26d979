import { createScim, type ScimOptions } from '@scimkit/core'
import { basePathOf, type HttpHandler, locateMount, type MountParameters } from '@scimkit/core/adapter'
import { withMemory } from '@scimkit/memory-provider'
import { answerRequest, mountable, pathLeft } from '@scimkit/node-http'
import type { Request, RequestHandler, Response } from 'express'

/** The options of every adapter, and the path of SCIM below this handler: `/scim/v2`; by default every path. */
export interface ExpressScimOptions extends Partial<ScimOptions<Request>> {
  readonly basePath?: string
}

/**
 * SCIM for Express 5 and 4: `app.use('/scim/v2', scimRouter({ provider, authenticate }))`. Mount it before body
 * parsers: a parser mounted first drops duplicate keys and may respond to invalid JSON itself. Without a provider all
 * data is in memory, and without `authenticate` as well every request is accepted; both log one warning.
 * `authenticate` and a `provider` function receive Express's request. The adapter responds to every path below the mount;
 * with `basePath`, to every path below that, and passes others to the next handler.
 * @example
 * ```ts
 * import { bearerToken } from '@scimkit/core'
 * import { scimRouter } from '@scimkit/express-adapter'
 * import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
 * import express from 'express'
 *
 * const authenticate = bearerToken(process.env.SCIM_TOKEN ?? '')
 * const app = express()
 * app.use('/scim/v2', scimRouter({ provider: sqliteProvider('people.db'), authenticate }))
 * ```
 */
export function scimRouter(options: ExpressScimOptions = {}): RequestHandler {
  const { basePath: path = '', ...scimOptions } = options
  const basePath = basePathOf(path)
  const scim = createScim(withMemory(scimOptions))
  return mountable((req: Request, res: Response, next) => {
    const place = locateMount(req.originalUrl ?? req.url, pathLeft(req), basePath, paramsOf(req))
    if (next !== undefined && !place.inside) return next()
    void answerRequest(scim, req, res, { ...place, parsedBody: (): unknown => req.body }, req)
  })
}

/**
 * A handler of other paths, such as a token endpoint, for the root of the application: `app.use(httpRouter(handler))`,
 * before body parsers. Other paths are passed to the next handler.
 */
export function httpRouter(handler: HttpHandler): RequestHandler {
  return (req, res, next) => {
    const target = req.originalUrl
    if (!handler.matches(target)) return next()
    void answerRequest(handler, req, res, { target, mount: '', parsedBody: (): unknown => req.body }, req)
  }
}

// connect and node:http have no parameters; the value of a wildcard is a list.
function paramsOf({ params = {} }: Request): MountParameters {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (Array.isArray(value) ? [] : [[name, value]])),
  )
}
