import { createRequire } from 'node:module'
import { describe, expect, test } from '@jest/globals'
import Router from '@koa/router'
import { type Authenticator, noAuthentication, tenantId } from '@scimkit/core'
import { scimMiddleware } from '@scimkit/koa-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import Koa3, { type Middleware } from 'koa'
import mount from 'koa-mount'
import { bindMounts } from '../../../testkit/test/support/adapter-behaviour.js'
import { type MakeListener, start } from '../../../testkit/test/support/start.js'

const koa2 = createRequire(import.meta.url)('koa2') as typeof Koa3

const rewriting =
  (rewrite: (url: string) => string): Middleware =>
  async (ctx, next) => {
    ctx.url = rewrite(ctx.url)
    await next()
  }

for (const [name, Koa] of [
  ['Koa 3', Koa3],
  ['Koa 2', koa2],
] as const) {
  const app = (...middlewares: readonly Middleware[]): ReturnType<MakeListener> => {
    const whole = new Koa()
    for (const middleware of middlewares) whole.use(middleware)
    return whole.callback()
  }
  bindMounts(name, {
    'under koa-mount': ['/scim/v2', (options) => app(mount('/scim/v2', scimMiddleware(options)))],
    'under koa-mount, in an app of its own': [
      '/scim/v2',
      (options) => app(mount('/scim/v2', new Koa().use(scimMiddleware(options)))),
    ],
    'under koa-mount with a base path': [
      '/api/a%20b/scim',
      (options) => app(mount('/api/a%20b', scimMiddleware({ ...options, basePath: '/scim' }))),
    ],
    'under koa-mount, with the mount as its base path': [
      '/scim/v2',
      (options) => app(mount('/scim/v2', scimMiddleware({ ...options, basePath: '/scim/v2' }))),
    ],
    'with a base path that ends with a slash': [
      '/scim/v2',
      (options) => app(scimMiddleware({ ...options, basePath: '/scim/v2/' })),
    ],
    'with a parameter in the base path': [
      '/scim/a%20b/v2',
      (options) => app(scimMiddleware({ ...options, basePath: '/scim/:customer/v2' })),
    ],
    'behind a middleware that takes a prefix off': [
      '/outer/scim',
      (options) =>
        app(
          rewriting((url) => url.replace('/outer/', '/')),
          scimMiddleware({ ...options, basePath: '/scim' }),
        ),
    ],
    'behind a middleware that adds a prefix': [
      '/scim',
      (options) =>
        app(
          rewriting((url) => (url.startsWith('/scim') ? `/inner${url}` : url)),
          scimMiddleware({ ...options, basePath: '/inner/scim' }),
        ),
    ],
    'as a route of @koa/router, with a base path': [
      '/scim/v2',
      (options) => app(router('/scim/v2', scimMiddleware({ ...options, basePath: '/scim/v2' }))),
    ],
    'as a route of @koa/router with a prefix': [
      '/api/a%20b/scim',
      (options) =>
        app(router('/scim', scimMiddleware({ ...options, basePath: '/api/:customer/scim' }), '/api/:customer')),
    ],
  })
}

/** Handles `path` and all paths below. */
function router(path: string, middleware: Middleware, prefix = ''): Middleware {
  const routes = new Router({ prefix }).all([path, `${path}/{*rest}`], middleware as never)
  return routes.routes() as unknown as Middleware
}

describe('authenticate receives the value of a parameter', () => {
  const cases: Readonly<Record<string, (middleware: (basePath: string) => Middleware) => Middleware>> = {
    'of a base path': (scim) => scim('/scim/:customer/v2'),
    'of a base path under koa-mount': (scim) => mount('/scim', scim('/:customer/v2')),
    'of a route of @koa/router': (scim) => router('/scim/:customer/v2', scim('/scim/:customer/v2')),
  }
  for (const [name, make] of Object.entries(cases)) {
    const seen: unknown[] = []
    const authenticate: Authenticator = ({ mountParameters }) => {
      seen.push(mountParameters?.customer)
      return { tenant: tenantId(mountParameters?.customer ?? '') }
    }
    const scim = (basePath: string): Middleware =>
      scimMiddleware({ provider: memoryProvider(), authenticate, basePath })
    const { exchange } = start(new Koa3().use(make(scim)).callback(), '')
    test(name, async () => {
      expect((await exchange({ method: 'GET', path: '/scim/acme/v2/Users' })).status).toBe(200)
      expect((await exchange({ method: 'GET', path: '/scim//v2/Users' })).status).toBe(404)
      expect(seen).toEqual(['acme'])
    })
  }
})

test.each([
  'scim',
  '/scim//v2',
  '//',
  '/scim/*',
  '/scim/{*rest}',
  '/scim/:',
  '/scim/:a-b',
  '/scim/:a/:a',
  '/a b',
  '/scim/..',
  '/sc%69m',
])('a base path of %j is refused at start', (basePath) => {
  expect(() => scimMiddleware({ provider: memoryProvider(), authenticate: noAuthentication(), basePath })).toThrow(
    /basePath/,
  )
})
