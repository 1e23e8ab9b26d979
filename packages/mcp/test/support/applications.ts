/** The endpoint beside SCIM on each framework, as its users would write it. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { ScimOptions } from '@scimkit/core'
import { httpRouter, scimRouter } from '@scimkit/express-adapter'
import { fetchHandler, httpFetchHandler } from '@scimkit/fetch-http'
import { httpApp, scimApp } from '@scimkit/hono-adapter'
import { httpMiddleware, scimMiddleware } from '@scimkit/koa-adapter'
import express from 'express'
import { Hono } from 'hono'
import Koa from 'koa'
import { type McpOptions, scimMcp } from '../../src/index.js'

export type Application = (scim: ScimOptions, mcp?: Partial<McpOptions>) => RequestListener

const basePath = '/scim/v2'

export const applications: Readonly<Record<string, Application>> = {
  Express: (scim, mcp) =>
    express()
      .use(httpRouter(scimMcp({ ...scim, ...mcp })))
      .use(basePath, scimRouter(scim as never)),
  Koa: (scim, mcp) =>
    new Koa()
      .use(httpMiddleware(scimMcp({ ...scim, ...mcp })))
      .use(scimMiddleware({ ...(scim as object), basePath }))
      .callback(),
  Hono: (scim, mcp) => {
    const app = new Hono()
      .route('/', httpApp(scimMcp({ ...scim, ...mcp })))
      .route('/', scimApp({ ...(scim as object), basePath }))
    return getRequestListener(app.fetch)
  },
  fetch: (scim, mcp) => {
    const handler = httpFetchHandler(scimMcp({ ...scim, ...mcp }), fetchHandler({ ...scim, basePath }))
    return getRequestListener((request) => handler(request))
  },
}

/** A listening application. */
export interface Listening {
  readonly origin: string
  close(): Promise<void>
}

export async function listening(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
