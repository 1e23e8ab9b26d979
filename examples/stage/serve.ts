/** A real server on a free port, for as long as an example runs. */
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { noAuthentication, type ScimOptions } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { scimRouter } from '@scimkit/express-adapter'
import express from 'express'

/** A running server. */
export interface Served {
  /** `http://127.0.0.1:49152/scim/v2` */
  readonly url: string
  close(): Promise<void>
}

/** Serves a provider with Express, on loopback only and without a token: it is an example. */
export async function serve(provider: ResourceProvider, options: Partial<ScimOptions> = {}): Promise<Served> {
  const app = express()
  app.use('/scim/v2', scimRouter({ ...options, provider, authenticate: noAuthentication() }))
  return listen(app)
}

/** Opens a server on loopback only; SCIM is at `/scim/v2`. */
export async function listen(listener: RequestListener): Promise<Served> {
  const server = createServer(listener)
  // Keeps all header fields: by default Node drops those beyond 1,000, and the adapter then responds with 431.
  server.maxHeadersCount = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/scim/v2`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
