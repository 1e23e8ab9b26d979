import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from '@jest/globals'
import type { ScimOptions } from '@scimkit/core'
import { type Exchange, viaHttp } from '@scimkit/testkit'

/** A listener for node:http, with SCIM at `/scim/v2`. */
export type MakeListener = (options: ScimOptions) => RequestListener

/** A server that is listening or about to listen. */
export interface Started {
  readonly exchange: Exchange
  readonly port: Promise<number>
}

/**
 * Starts a server on a free port; it stops after the tests of the `describe` or file. Paths start at `root`.
 * `maxHeadersCount` is that of the server; undefined: Node's default.
 */
export function start(listener: RequestListener, root = '/scim/v2', maxHeadersCount?: number): Started {
  const server = createServer(listener)
  if (maxHeadersCount !== undefined) server.maxHeadersCount = maxHeadersCount
  // The server must not close a kept-alive connection at the moment the client reuses it.
  server.keepAliveTimeout = 60_000
  const port = listening(server)
  const http = port.then((number) => viaHttp(`http://127.0.0.1:${number}${root}`))
  afterAll(async () => {
    const { close } = await http
    close()
    server.close()
    server.closeAllConnections()
  })
  return { exchange: async (request) => (await http)(request), port }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
