import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Place, ScimRequest } from '@scimkit/core'
import { headersMayBeMissing } from './header-limit.js'
import { readBody, wasRead } from './read-body.js'

/** What only the framework knows of a request: where SCIM is, as `placeOf` finds it, and what has become of the body. */
export interface Mounted extends Omit<Place, 'inside'> {
  /** What a body parser that came first has made of the body; asked only if the body has been read already. */
  parsedBody(): unknown
}

/** A request as the core takes it. */
export function scimRequest(req: IncomingMessage, res: ServerResponse, mounted: Mounted): ScimRequest {
  return {
    method: req.method ?? '',
    target: mounted.target,
    mount: mounted.mount,
    ...(mounted.mountParameters !== undefined && { mountParameters: mounted.mountParameters }),
    ...(mounted.mountHidden === true && { mountHidden: true }),
    scheme: 'encrypted' in req.socket ? 'https' : 'http',
    host: headerOf(req, 'host'),
    header: (name) => headerOf(req, name),
    headersMayBeMissing: headersMayBeMissing(req),
    // Express's and Koa's body parsers undo the Content-Encoding, and refuse what they cannot undo.
    bodyDecoded: wasRead(req),
    body: (limit) => readBody(req, limit, mounted),
    signal: signalOf(res),
  }
}

/**
 * Node drops the second of two `Authorization`, `Host` or `Content-Type` headers; here all are joined, so that the core
 * sees them and a proxy in front cannot have meant another one. A header that a middleware took away stays away.
 */
function headerOf(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name]
  if (value === undefined) return undefined
  const all = req.headersDistinct[name]
  return all !== undefined && all.length > 1 ? all.join(', ') : String(value)
}

function signalOf(res: ServerResponse): AbortSignal {
  const gone = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) gone.abort()
  })
  return gone.signal
}
