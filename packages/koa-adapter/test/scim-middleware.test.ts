import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { describe, expect, jest, test } from '@jest/globals'
import { noAuthentication } from '@scimkit/core'
import { scimMiddleware } from '@scimkit/koa-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import Koa3, { type Context, type Middleware } from 'koa'
import supertest from 'supertest'
import { type AdapterRig, bindBehaviour } from '../../testkit/test/support/adapter-behaviour.js'
import { start } from '../../testkit/test/support/start.js'

const koa2 = createRequire(import.meta.url)('koa2') as typeof Koa3

// Like koa-mount: removes the prefix from `path`; `originalUrl` keeps it.
const under =
  (prefix: string, middleware: Middleware): Middleware =>
  async (ctx, next) => {
    if (ctx.path !== prefix && !ctx.path.startsWith(`${prefix}/`)) return next()
    const whole = ctx.path
    ctx.path = whole.slice(prefix.length) || '/'
    await middleware(ctx, next)
    ctx.path = whole
  }

// Like koa-bodyparser and koa-body: decodes the Content-Encoding and keeps the header.
const reading =
  (made: (text: string) => unknown): Middleware =>
  async (ctx: Context, next) => {
    const parts: Buffer[] = []
    for await (const part of ctx.req) parts.push(part)
    const bytes = Buffer.concat(parts)
    const decoded = ctx.get('content-encoding') === 'gzip' ? gunzipSync(bytes) : bytes
    Object.assign(ctx.request, { body: made(decoded.toString()) })
    await next()
  }

function rigOf(Koa: typeof Koa3): AdapterRig {
  const app = () => new Koa()
  return {
    mounts: {
      'at /scim/v2': [
        '/scim/v2',
        (options) =>
          app()
            .use(scimMiddleware({ ...options, basePath: '/scim/v2' }))
            .callback(),
      ],
      'at the root': ['', (options) => app().use(scimMiddleware(options)).callback()],
      'under koa-mount': [
        '/api',
        (options) =>
          app()
            .use(under('/api', scimMiddleware(options)))
            .callback(),
      ],
      'under koa-mount with a base path': [
        '/api/a%20b/scim',
        (options) =>
          app()
            .use(under('/api/a%20b', scimMiddleware({ ...options, basePath: '/scim' })))
            .callback(),
      ],
    },
    readers: {
      'a parser of JSON': (options) =>
        app()
          .use(reading((text) => JSON.parse(text || '{}')))
          .use(scimMiddleware({ ...options, basePath: '/scim' }))
          .callback(),
      'a parser of text': (options) =>
        app()
          .use(reading((text) => text))
          .use(scimMiddleware({ ...options, basePath: '/scim' }))
          .callback(),
      'a middleware that sets headers and a status': (options) =>
        app()
          .use(async (ctx, next) => {
            ctx.status = 500
            ctx.set('X-Powered-By', 'Koa')
            await next()
          })
          .use(scimMiddleware({ ...options, basePath: '/scim' }))
          .callback(),
    },
    decoders: ['a parser of JSON', 'a parser of text'],
    inFront: (options, asked) =>
      app()
        .use(scimMiddleware({ ...options, basePath: '/scim' }))
        .use((ctx) => {
          asked()
          ctx.status = 418
        })
        .callback(),
    headerOf: (native, name) => (native as Context).get(name),
    dotSegments: [404],
  }
}

bindBehaviour('Koa 3', rigOf(Koa3))
bindBehaviour('Koa 2', rigOf(koa2))

test('without options it runs in memory and accepts every request, and warns once per process', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
  for (const app of [new Koa3(), new koa2()]) {
    expect((await supertest(app.use(scimMiddleware()).callback()).get('/Users')).status).toBe(200)
  }
  expect(warn.mock.calls.map(([message]) => String(message))).toEqual([
    expect.stringContaining('memory'),
    expect.stringContaining('every client'),
  ])
  warn.mockRestore()
})

test('with a provider but no authenticate it refuses every request', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
  const app = new Koa3().use(scimMiddleware({ provider: memoryProvider() }))
  expect((await supertest(app.callback()).get('/Users')).status).toBe(401)
  warn.mockRestore()
})

describe.each([
  ['Koa 3', Koa3],
  ['Koa 2', koa2],
])('%s', (_name, Koa) => {
  let fails = false
  const failed: unknown[] = []
  const app = new Koa()
    .use(async (_ctx, next) => {
      await next()
      if (fails) throw new Error('error of another middleware')
    })
    .use(scimMiddleware({ provider: memoryProvider(), authenticate: noAuthentication() }))
    .on('error', (error) => failed.push(error))
  const { port } = start(app.callback(), '')

  test('receives no error when a client disconnects in the middle of its body', async () => {
    const lines = ['POST /Users HTTP/1.1', 'Host: a', 'Content-Type: application/scim+json', 'Content-Length: 100']
    for (const end of ['end', 'resetAndDestroy', 'destroy'] as const) {
      const socket = connect(await port, '127.0.0.1').on('error', () => undefined)
      socket.write(`${lines.join('\r\n')}\r\n\r\n{"half":`)
      await sleep(50)
      socket[end]()
      await sleep(50)
    }
    expect(failed).toEqual([])
  })

  test('receives errors of other middlewares', async () => {
    fails = true
    expect((await supertest(`http://127.0.0.1:${await port}`).get('/Users')).status).toBe(200)
    expect(failed).toMatchObject([{ message: 'error of another middleware' }])
  })
})
