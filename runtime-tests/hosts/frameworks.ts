import { getRequestListener } from '@hono/node-server'
import type { ScimOptions } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { refusedRequest } from '@scimkit/fetch-http'
import { scimApp } from '@scimkit/hono-adapter'
import { scimMiddleware } from '@scimkit/koa-adapter'
import express from 'express'
import { Hono } from 'hono'
import Koa from 'koa'

/** A request listener of node:http; the types of the frameworks differ. */
export type Listener = (req: never, res: never) => unknown

/** Each framework with SCIM at `/scim/v2`. */
export const frameworks: Readonly<Record<string, (options: ScimOptions) => Listener>> = {
  Express: (options) => express().use('/scim/v2', scimRouter(options)),
  Koa: (options) => new Koa().use(scimMiddleware({ ...options, basePath: '/scim/v2' })).callback(),
  Hono: (options) =>
    getRequestListener(new Hono().route('/scim/v2', scimApp(options)).fetch, { errorHandler: refusedRequest }),
}
