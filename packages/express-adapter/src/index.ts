import { basePathOf, createScim, type MountParameters, placeOf, type ScimOptions } from '@scimkit/core'
import { withMemory } from '@scimkit/memory-provider'
import { answerRequest, mountable, pathLeft } from '@scimkit/node-http'
import type { Request, RequestHandler, Response } from 'express'

/** The options of every adapter, and where below this handler SCIM lives: `/scim/v2`, or everything by default. */
export interface ExpressScimOptions extends Partial<ScimOptions> {
  readonly basePath?: string
}

/**
 * SCIM for Express 5 and 4: `app.use('/scim/v2', scimRouter({ provider, authenticate }))`. Mount it before body
 * parsers: one that comes first has dropped duplicate keys and may answer bad JSON by itself. Without a provider
 * everything lives in memory, and without `authenticate` as well everybody is let in; both are warned of once.
 * `authenticate` and a `provider` function are given Express's request. Every path below the mount is answered here;
 * with `basePath`, every path below that, and others go on to the next handler.
 */
export function scimRouter(options: ExpressScimOptions = {}): RequestHandler {
  const { basePath: path = '', ...scimOptions } = options
  const basePath = basePathOf(path)
  const scim = createScim(withMemory(scimOptions))
  return mountable((req: Request, res: Response, next) => {
    const place = placeOf(req.originalUrl ?? req.url, pathLeft(req), basePath, paramsOf(req))
    if (next !== undefined && !place.inside) return next()
    void answerRequest(scim, req, res, { ...place, parsedBody: (): unknown => req.body }, req)
  })
}

// connect and node:http have none; a wildcard's is a list.
function paramsOf({ params = {} }: Request): MountParameters {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (Array.isArray(value) ? [] : [[name, value]])),
  )
}
