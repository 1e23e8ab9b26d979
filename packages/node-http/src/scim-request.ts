import type { TLSSocket } from 'node:tls'
import type { Place, ScimRequest } from '@scimkit/core'
import { signalOf } from './client-gone.js'
import { headersMayBeMissing } from './header-limit.js'
import { headerOf } from './header-of.js'
import { hostOf } from './host-of.js'
import type { NodeRequest, NodeResponse } from './node-message.js'
import { readBody, wasRead } from './read-body.js'

/** What only the framework knows of a request: where SCIM is, as `placeOf` finds it, and what has become of the body. */
export interface Mounted extends Omit<Place, 'inside'> {
  /** What a body parser that came first has made of the body; asked only if the body has been read already. */
  parsedBody(): unknown
}

/** A request as the core takes it. */
export function scimRequest(req: NodeRequest, res: NodeResponse, mounted: Mounted): ScimRequest {
  let signal: AbortSignal | undefined
  return {
    method: req.method ?? '',
    target: mounted.target,
    mount: mounted.mount,
    mountParameters: mounted.mountParameters,
    mountHidden: mounted.mountHidden,
    scheme: isEncrypted(req) ? 'https' : 'http',
    host: hostOf(req),
    header: (name) => headerOf(req, name),
    headersMayBeMissing: headersMayBeMissing(req),
    // Express's and Koa's body parsers undo the Content-Encoding, and refuse what they cannot undo.
    bodyDecoded: wasRead(req),
    body: (limit, grown) => readBody(req, limit, mounted, grown),
    // Few requests are ever asked whether their client has gone.
    get signal() {
      signal ??= signalOf(res)
      return signal
    },
  }
}

// On Bun every socket has `encrypted`, false over http; a request that no socket carries may have none.
function isEncrypted(req: NodeRequest): boolean {
  const socket: { readonly encrypted?: unknown } | undefined = req.socket as TLSSocket | undefined
  return socket?.encrypted === true
}
