import { createRequire } from 'node:module'
import type { MakeListener } from './start.js'

const mount = '/scim/v2'

// The older major versions have aliases in the dependencies of their adapter.
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
  // Sequentially: the loader of jest fails on concurrent imports that share modules.
  const { Hono } = await import('hono')
  const { getRequestListener } = await import('@hono/node-server')
  const { scimApp } = await import('@scimkit/hono-adapter')
  const { refusedRequest: errorHandler } = await import('@scimkit/fetch-http')
  return (options) => getRequestListener(new Hono().route(mount, scimApp(options)).fetch, { errorHandler })
}

/** All frameworks on node:http, each loaded on demand. */
export const frameworks = {
  'Express 5': async () => express((await import('express')).default),
  'Express 4': async () => express(requireFrom('express-adapter')('express4')),
  'Koa 3': async () => koa((await import('koa')).default),
  'Koa 2': async () => koa(requireFrom('koa-adapter')('koa2')),
  Hono: hono,
} satisfies Readonly<Record<string, () => Promise<MakeListener>>>
