import type { TLSSocket } from 'node:tls'
import type { MountLocation, ScimRequest } from '@scimkit/core/adapter'
import type { NodeRequest, NodeResponse } from '../node-message.js'
import { signalOf } from './client-disconnect.js'
import { headersMayBeMissing } from './header-limit.js'
import { headerOf } from './header-of.js'
import { hostOf } from './host-of.js'
import { readBody, wasRead } from './read-body.js'

/** The properties of a request that only the framework knows: the mount of SCIM, as `placeOf` finds it, and the parsed body. */
export interface Mounted extends Omit<MountLocation, 'inside'> {
  /** The body as an earlier parser parsed it; used only if the body has been read already. */
  parsedBody(): unknown
}

/** A request in the form of the core. */
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
    // The body parsers of Express and Koa decode the Content-Encoding, and refuse unsupported codings.
    bodyDecoded: wasRead(req),
    body: (limit, grown) => readBody(req, limit, mounted, grown),
    // Created lazily: the signal of few requests is read.
    get signal() {
      signal ??= signalOf(res)
      return signal
    },
  }
}

// On Bun every socket has `encrypted`, false over http; a simulated request may have no socket.
function isEncrypted(req: NodeRequest): boolean {
  const socket: { readonly encrypted?: unknown } | undefined = req.socket as TLSSocket | undefined
  return socket?.encrypted === true
}
