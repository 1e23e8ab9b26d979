import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll } from '@jest/globals'
import type { ScimOptions } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import { type Exchange, type HttpExchange, viaHttp } from '@scimkit/testkit'
import express from 'express'

/**
 * Express with the memory provider, listening on a free port while the tests of this `describe` run. The exchange may be
 * passed to cases before the server listens.
 */
export function serve(options: Omit<ScimOptions, 'provider'>): { readonly exchange: Exchange } {
  let server: Server | undefined
  let http: HttpExchange | undefined
  beforeAll(async () => {
    const started = await listen(options)
    server = started.server
    http = viaHttp(started.baseUrl)
  })
  afterAll(() => {
    http?.close()
    if (server !== undefined) close(server)
  })
  return {
    exchange: (request) => {
      if (http === undefined) throw new Error('the server is not listening yet')
      return http(request)
    },
  }
}

/** Express with the memory provider, listening. */
export async function listen(options: Omit<ScimOptions, 'provider'>): Promise<{ server: Server; baseUrl: string }> {
  const app = express().use('/scim/v2', scimRouter({ ...options, provider: memoryProvider() }))
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  // The server must not close a kept-alive connection at the moment the client reuses it.
  server.keepAliveTimeout = 60_000
  const { port } = server.address() as AddressInfo
  return { server, baseUrl: `http://127.0.0.1:${port}/scim/v2` }
}

/** Stops listening and closes all connections. */
export function close(server: Server): void {
  server.close()
  server.closeAllConnections()
}
