import type { ScimOptions } from '@scimkit/core'
import { createScim } from '@scimkit/core'
import { withMemory } from '@scimkit/memory-provider'
import { answerRequest } from '@scimkit/node-http'
import type { RequestHandler } from 'express'

/**
 * SCIM for Express 5 and 4: `app.use('/scim/v2', scimRouter({ provider, authenticate }))`. Mount it before body
 * parsers: one that comes first has dropped duplicate keys and may answer bad JSON by itself. Without a provider
 * everything lives in memory, and without `authenticate` as well everybody is let in; both are warned of once.
 * `authenticate` and a `provider` function are given Express's request. Every path below the mount is answered here.
 */
export function scimRouter(options?: Partial<ScimOptions>): RequestHandler {
  const scim = createScim(withMemory(options))
  return (req, res) => {
    const mounted = { target: req.originalUrl, mount: req.baseUrl, parsedBody: (): unknown => req.body }
    void answerRequest(scim, req, res, mounted, req)
  }
}
