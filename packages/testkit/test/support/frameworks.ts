import { createRequire } from 'node:module'
import type { MakeListener } from './start.js'

const mount = '/scim/v2'

// The older majors have names of their own in their adapter's dependencies.
const requireFrom = (adapter: string) => createRequire(new URL(`../../../${adapter}/package.json`, import.meta.url))

async function express(app: typeof import('express')): Promise<MakeListener> {
  const { scimRouter } = await import('@scimkit/express-adapter')
  return (options) => app().use(mount, scimRouter(options))
}

async function koa(Koa: typeof import('koa')): Promise<MakeListener> {
  const { scimMiddleware } = await import('@scimkit/koa-adapter')
  return (options) => new Koa().use(scimMiddleware({ ...options, basePath: mount })).callback()
}

async function hono(): Promise<MakeListener> {
  // One after the other: jest's loader trips over imports that share modules and are begun together.
  const { Hono } = await import('hono')
  const { getRequestListener } = await import('@hono/node-server')
  const { scimApp } = await import('@scimkit/hono-adapter')
  const { refusedRequest: errorHandler } = await import('@scimkit/fetch-http')
  return (options) => getRequestListener(new Hono().route(mount, scimApp(options)).fetch, { errorHandler })
}

/** Every framework that runs on node:http, each loaded only when it is asked for. */
export const frameworks = {
  'Express 5': async () => express((await import('express')).default),
  'Express 4': async () => express(requireFrom('express-adapter')('express4')),
  'Koa 3': async () => koa((await import('koa')).default),
  'Koa 2': async () => koa(requireFrom('koa-adapter')('koa2')),
  Hono: hono,
} satisfies Readonly<Record<string, () => Promise<MakeListener>>>
