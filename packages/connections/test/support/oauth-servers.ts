/** Worlds of the OAuth contract on Node: an application of each framework, and an issuer, both on loopback. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type ScimOptions, tenantFromPath } from '@scimkit/core'
import { httpRouter, scimRouter } from '@scimkit/express-adapter'
import { fetchHandler, httpFetchHandler } from '@scimkit/fetch-http'
import { httpApp, scimApp } from '@scimkit/hono-adapter'
import { httpMiddleware, scimMiddleware } from '@scimkit/koa-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import express from 'express'
import { Hono } from 'hono'
import Koa from 'koa'
import { memoryRecords } from '../../src/memory-records/memory-records.js'
import { nodeKeyFetcher } from '../../src/node.js'
import type { Connections } from '../../src/scim-connections/connections.js'
import { type ConnectionsOptions, scimConnections } from '../../src/scim-connections/scim-connections.js'
import { answerOf } from '../contract/in-process-world.js'
import { type TestIssuer, unreachable, type World } from '../contract/world.js'
import { clockAt, portsOf } from './platform.js'

type MakeListener = (scim: Partial<ScimOptions>, connections: Connections) => RequestListener

const basePath = '/scim/:tenant/v2'

/** One application of each framework, as its users would write it. */
export const applications: Readonly<Record<string, MakeListener>> = {
  Express: (scim, { tokenEndpoint }) =>
    express()
      .use(httpRouter(tokenEndpoint))
      .use(basePath, scimRouter(scim as never)),
  Koa: (scim, { tokenEndpoint }) =>
    new Koa()
      .use(httpMiddleware(tokenEndpoint))
      .use(scimMiddleware({ ...(scim as object), basePath }))
      .callback(),
  Hono: (scim, { tokenEndpoint }) => {
    const app = new Hono().route('/', httpApp(tokenEndpoint)).route('/', scimApp({ ...(scim as object), basePath }))
    return getRequestListener(app.fetch)
  },
  fetch: (scim, { tokenEndpoint }) => {
    const next = fetchHandler({ ...scim, basePath })
    return getRequestListener((request) => httpFetchHandler(tokenEndpoint, next)(request))
  },
}

/** Calls `use` with a world, and closes its servers afterwards. */
export async function withWorld(
  makeListener: MakeListener,
  options: Partial<ConnectionsOptions>,
  use: (world: World) => Promise<void>,
): Promise<void> {
  const issuer: Omit<TestIssuer, 'origin'> = { documents: new Map(), reads: [] }
  const issuerServer = await listening((req, res) => {
    const path = req.url ?? ''
    issuer.reads.push(path)
    const document = issuer.documents.get(path)
    if (document === unreachable) return void res.destroy()
    const redirect = (document as { redirect?: string } | undefined)?.redirect
    if (redirect !== undefined) return void res.writeHead(302, { location: redirect }).end()
    res.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
    res.end(JSON.stringify(document ?? {}))
  })
  const clock = clockAt()
  const reasons: string[] = []
  const connections = scimConnections({
    store: memoryRecords(),
    issuer: 'https://scim.example/scim/:tenant',
    tenant: tenantFromPath(),
    keys: nodeKeyFetcher({ allowHttpLoopback: true }),
    ports: portsOf(clock),
    onRejected: (reason) => reasons.push(reason),
    ...options,
  })
  const { authenticate, authorize } = connections
  const provider = memoryProvider()
  const server = await listening(makeListener({ provider, authenticate, authorize }, connections))
  const origin = originOf(server)
  try {
    await use({
      connections,
      issuer: { ...issuer, origin: originOf(issuerServer) },
      now: () => clock.now,
      pass: clock.pass,
      reasons,
      send: async (method, path, headers = {}, body) =>
        answerOf(
          await fetch(origin + path, { method, headers, ...(body !== undefined && { body }), redirect: 'manual' }),
        ),
    })
  } finally {
    for (const one of [server, issuerServer]) {
      one.closeAllConnections()
      one.close()
    }
  }
}

async function listening(listener: RequestListener): Promise<Server> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
