import 'reflect-metadata'
import type { RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { describe, expect, test } from '@jest/globals'
import { type MiddlewareConsumer, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { type Authenticator, noAuthentication, type ScimOptions, tenantId } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import connect from 'connect'
import express5, { type RequestHandler } from 'express'
import { bindMounts } from '../../../testkit/test/support/adapter-behaviour.js'
import { type MakeListener, start } from '../../../testkit/test/support/start.js'

const express4 = createRequire(import.meta.url)('express4') as typeof express5

const rewriting =
  (rewrite: (url: string) => string): RequestHandler =>
  (req, _res, next) => {
    req.url = rewrite(req.url)
    next()
  }

for (const [name, express, everything] of [
  ['Express 5', express5, '{/*splat}'],
  ['Express 4', express4, '*'],
] as const) {
  bindMounts(name, {
    'behind a middleware that takes a prefix off': [
      '/outer/scim',
      (options) =>
        express()
          .use(rewriting((url) => url.replace('/outer/', '/')))
          .use('/scim', scimRouter(options)),
    ],
    'behind a middleware that adds a prefix': [
      '/scim',
      (options) =>
        express()
          .use(rewriting((url) => (url.startsWith('/scim') ? `/inner${url}` : url)))
          .use('/inner/scim', scimRouter(options)),
    ],
    'as a route, with a base path': [
      '/scim/v2',
      (options) => express().all(`/scim/v2${everything}`, scimRouter({ ...options, basePath: '/scim/v2' })),
    ],
    'behind a middleware that takes a prefix off, as a route with a base path': [
      '/outer/scim/v2',
      (options) =>
        express()
          .use(rewriting((url) => url.replace('/outer/', '/')))
          .all(`/scim/v2${everything}`, scimRouter({ ...options, basePath: '/scim/v2' })),
    ],
    'below a wildcard, with a base path': [
      '/scim/v2',
      (options) => express().use(`/scim/v2${everything}`, scimRouter({ ...options, basePath: '/scim/v2' })),
    ],
    'with a base path': ['/scim/v2', (options) => express().use(scimRouter({ ...options, basePath: '/scim/v2/' }))],
    'with a parameter in the base path': [
      '/scim/a%20b/v2',
      (options) => express().use(scimRouter({ ...options, basePath: '/scim/:customer/v2' })),
    ],
    'with the mount as its base path': [
      '/scim/v2',
      (options) => express().use('/scim/v2', scimRouter({ ...options, basePath: '/scim/v2' })),
    ],
    'with a base path below a mount': [
      '/api/scim',
      (options) => express().use('/api', scimRouter({ ...options, basePath: '/scim' })),
    ],
    'in an app in an app': [
      '/api/scim',
      (options) => express().use('/api', express().use('/scim', scimRouter(options))),
      'anyCase',
    ],
  })
}

bindMounts('connect', {
  'at /scim/v2': ['/scim/v2', (options) => connect().use('/scim/v2', scimRouter(options) as never), 'root'],
  'with a base path': [
    '/scim/v2',
    (options) => connect().use(scimRouter({ ...options, basePath: '/scim/v2' }) as never),
  ],
})

bindMounts('node:http', {
  'at the root': ['', (options) => scimRouter(options) as unknown as RequestListener],
  'with a base path': [
    '/scim/v2',
    (options) => scimRouter({ ...options, basePath: '/scim/v2' }) as unknown as RequestListener,
  ],
})

/** A Nest application with SCIM as a middleware for some routes. */
function nest(platform: 'express' | 'fastify', route: string, basePath: string): MakeListener {
  return (options) => {
    class App {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(scimRouter({ ...options, basePath })).forRoutes(route)
      }
    }
    Module({})(App)
    const listener = platform === 'express' ? nestOnExpress(App) : nestOnFastify(App)
    return (req, res) => void listener.then((answer) => answer(req, res))
  }
}

const quiet = { logger: false, bodyParser: false } as const

async function nestOnExpress(App: new () => object): Promise<RequestListener> {
  const app = await NestFactory.create(App, new ExpressAdapter(express5()), quiet)
  await app.init()
  return app.getHttpAdapter().getInstance()
}

async function nestOnFastify(App: new () => object): Promise<RequestListener> {
  const app = await NestFactory.create(App, new FastifyAdapter(), quiet)
  await app.init()
  const fastify = app.getHttpAdapter().getInstance()
  await fastify.ready()
  return (req, res) => fastify.routing(req, res)
}

bindMounts('Nest on Express', {
  'as a wildcard middleware': ['/scim/v2', nest('express', '/scim/v2{/*splat}', '/scim/v2')],
  'as a wildcard middleware with a parameter': [
    '/scim/a%20b/v2',
    nest('express', '/scim/:customer/v2{/*splat}', '/scim/:customer/v2'),
  ],
})

bindMounts('Nest on Fastify', {
  'as a wildcard middleware': ['/scim/v2', nest('fastify', '/scim/v2{/*splat}', '/scim/v2')],
})

const options = (more: Partial<ScimOptions> = {}): ScimOptions => ({
  provider: memoryProvider(),
  authenticate: noAuthentication(),
  ...more,
})

const withoutBasePath: Readonly<Record<string, MakeListener>> = {
  'an Express route': (all) => express5().all('/scim/v2/*splat', scimRouter(all)),
  'an Express wildcard': (all) => express5().use('/scim/v2/*splat', scimRouter(all)),
  'an Express 4 wildcard': (all) => express4().use('/scim/v2/*', scimRouter(all)),
  'a Nest wildcard on Express': nest('express', '/scim/v2/*splat', ''),
  'a Nest wildcard on Fastify': nest('fastify', '/scim/v2/*splat', ''),
}
for (const [name, listener] of Object.entries(withoutBasePath)) {
  const { exchange } = start(listener(options()), '')
  test(`${name} without a base path is 404, instead of another resource than the requested one`, async () => {
    for (const path of ['/scim/v2/Users', '/scim/v2/Users/', '/scim/v2/Users/1', '/scim/v2/Schemas']) {
      expect((await exchange({ method: 'GET', path })).status).toBe(404)
    }
  })
}

describe('a path that was rewritten below the mount', () => {
  const errors: unknown[] = []
  const app = (more: Partial<ScimOptions>): RequestListener =>
    express5()
      .use(rewriting((url) => url.replace('/people', '/Users')))
      .use('/scim', scimRouter({ ...options(more), onError: (error) => errors.push(error) }))
  const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada' })
  const post = { method: 'POST', path: '/scim/people', headers: { 'Content-Type': 'application/scim+json' }, body }
  const known = start(app({ baseUrl: 'https://app.example/scim' }), '')
  const hidden = start(app({}), '')

  test('works with a baseUrl', async () => {
    const { status, headers } = await known.exchange(post)
    expect([status, headers.location]).toEqual([201, expect.stringContaining('https://app.example/scim/Users/')])
    expect(errors).toEqual([])
  })

  test('is 500 without one, and onError receives the reason', async () => {
    expect((await hidden.exchange(post)).status).toBe(500)
    expect(String(errors[0])).toContain('Set the option baseUrl')
  })
})

const withParameter: Readonly<Record<string, MakeListener>> = {
  'a mount': (all) => express5().use('/scim/:customer/v2', scimRouter(all)),
  'a base path': (all) => express5().use(scimRouter({ ...all, basePath: '/scim/:customer/v2' })),
  'a base path below a mount': (all) => express5().use('/scim', scimRouter({ ...all, basePath: '/:customer/v2' })),
  'both a mount and a base path': (all) =>
    express5().use('/scim/:customer/v2', scimRouter({ ...all, basePath: '/scim/:customer/v2' })),
  'a Nest middleware': nest('express', '/scim/:customer/v2/*splat', '/scim/:customer/v2'),
  'a Nest middleware on Fastify': nest('fastify', '/scim/:customer/v2/*splat', '/scim/:customer/v2'),
}
for (const [name, listener] of Object.entries(withParameter)) {
  const seen: unknown[] = []
  const authenticate: Authenticator = ({ mountParameters }) => {
    seen.push(mountParameters?.customer)
    return { tenant: tenantId(mountParameters?.customer ?? '') }
  }
  const { exchange } = start(listener(options({ authenticate })), '')
  test(`authenticate receives the parameter value of ${name}`, async () => {
    expect((await exchange({ method: 'GET', path: '/scim/acme/v2/Users' })).status).toBe(200)
    expect((await exchange({ method: 'GET', path: '/scim//v2/Users' })).status).toBe(404)
    expect(seen).toEqual(['acme'])
  })
}

describe('on node:http there is no next handler', () => {
  const { exchange } = start(scimRouter({ ...options(), basePath: '/scim/v2' }) as unknown as RequestListener, '')
  test('so a path outside the base path is 404, as a SCIM error', async () => {
    const { status, body } = await exchange({ method: 'GET', path: '/Users' })
    expect([status, JSON.parse(body).schemas]).toEqual([404, ['urn:ietf:params:scim:api:messages:2.0:Error']])
  })
})
