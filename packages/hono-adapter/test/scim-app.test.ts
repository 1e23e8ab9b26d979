import { getRequestListener } from '@hono/node-server'
import { describe, expect, jest, test } from '@jest/globals'
import { noAuthentication, type ScimOptions } from '@scimkit/core'
import { scimApp } from '@scimkit/hono-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import { Hono, type MiddlewareHandler } from 'hono'
import { type AdapterRig, bindBehaviour } from '../../testkit/test/support/adapter-behaviour.js'

const listenerOf = (app: Hono): ReturnType<typeof getRequestListener> => getRequestListener(app.fetch)
const behind =
  (middleware: MiddlewareHandler) =>
  (options: ScimOptions): ReturnType<typeof getRequestListener> =>
    listenerOf(new Hono().use(middleware).route('/scim', scimApp(options)))

const rig: AdapterRig = {
  mounts: {
    'at /scim/v2': ['/scim/v2', (options) => listenerOf(new Hono().route('/scim/v2', scimApp(options)))],
    'at the root': ['', (options) => listenerOf(new Hono().route('/', scimApp(options)))],
    'as the whole app': ['', (options) => listenerOf(scimApp(options))],
    'with a parameter in the route': [
      '/tenants/a%20b/scim',
      (options) => listenerOf(new Hono().route('/tenants/:tenant/scim', scimApp(options))),
    ],
    'with a base path': [
      '/api/scim',
      (options) => listenerOf(new Hono().basePath('/api').route('/scim', scimApp(options))),
    ],
    'below an app below an app': [
      '/api/scim',
      (options) => listenerOf(new Hono().route('/api', new Hono().route('/scim', scimApp(options)))),
    ],
  },
  readers: {
    'a middleware that reads JSON': behind(async (c, next) => {
      await c.req.json()
      await next()
    }),
    'a middleware that reads text': behind(async (c, next) => {
      await c.req.text()
      await next()
    }),
    'a middleware that reads bytes': behind(async (c, next) => {
      await c.req.arrayBuffer()
      await next()
    }),
    'a middleware that reads a copy': behind(async (c, next) => {
      await c.req.raw.clone().text()
      await next()
    }),
  },
  // A web Request has the body that the client sent.
  decoders: [],
  inFront: (options, asked) =>
    listenerOf(
      new Hono().route('/scim', scimApp(options)).all('*', (c) => {
        asked()
        return c.body(null, 418)
      }),
    ),
  headerOf: (native, name) => {
    const { incoming } = native as { readonly incoming: { readonly headers: Readonly<Record<string, string>> } }
    return incoming.headers[name]
  },
  dotSegments: [404],
}

bindBehaviour('Hono', rig)

test('without options it runs in memory and accepts every client, with one warning for each per process', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
  for (const app of [scimApp(), scimApp()]) expect((await app.request('/Users')).status).toBe(200)
  expect(warn.mock.calls.map(([message]) => String(message))).toEqual([
    expect.stringContaining('memory'),
    expect.stringContaining('every client'),
  ])
  warn.mockRestore()
})

test('with a provider but no authenticate it accepts no client', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
  expect((await scimApp({ provider: memoryProvider() }).request('/Users')).status).toBe(401)
  warn.mockRestore()
})

test('passes the bindings of Workers to authenticate and to a provider function', async () => {
  const provider = memoryProvider()
  const natives: unknown[] = []
  const app = new Hono().route(
    '/scim',
    scimApp({
      authenticate: (_request, native) => {
        natives.push(native)
        return undefined
      },
      provider: () => provider,
    }),
  )
  expect((await app.request('/scim/Users', {}, { DB: 'a database' })).status).toBe(401)
  expect(natives).toEqual([{ DB: 'a database' }])
})

describe('the execution context of Hono', () => {
  const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada' })
  const create = { method: 'POST', headers: { 'Content-Type': 'application/scim+json' }, body }
  const ended: string[] = []
  const app = new Hono().route(
    '/scim',
    scimApp({
      provider: memoryProvider(),
      authenticate: noAuthentication(),
      onEvent: async ({ kind }) => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        ended.push(kind)
      },
    }),
  )

  test('receives the work of a request and the promises of an asynchronous onEvent', async () => {
    const handed: Promise<unknown>[] = []
    const context = {
      waitUntil(promise: Promise<unknown>): void {
        if (this !== context) throw new TypeError('Illegal invocation')
        handed.push(promise)
      },
      passThroughOnException: () => undefined,
      props: {},
    }
    expect((await app.request('/scim/Users', create, {}, context)).status).toBe(201)
    expect([handed.length, ended]).toEqual([3, []])
    await Promise.all(handed)
    expect(ended).toEqual(['write', 'request'])
  })

  test.each([
    ['none, and no env', undefined],
    ['none on Node', { incoming: {}, outgoing: {} }],
    ['none on Deno', { remoteAddr: {}, completed: Promise.resolve() }],
  ])('may be missing: %s', async (_, env) => {
    expect((await app.request('/scim/Users', {}, env)).status).toBe(200)
  })
})
