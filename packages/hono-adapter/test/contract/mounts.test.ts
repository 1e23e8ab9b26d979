import { getRequestListener } from '@hono/node-server'
import { describe, expect, test } from '@jest/globals'
import { type Authenticator, noAuthentication, type ScimOptions, tenantId } from '@scimkit/core'
import { scimApp } from '@scimkit/hono-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import { Hono } from 'hono'
import { bindMounts, type Mount } from '../../../testkit/test/support/adapter-behaviour.js'
import { start } from '../../../testkit/test/support/start.js'

const on = (root: string, make: (options: ScimOptions) => Hono): Mount => [
  root,
  (options) => getRequestListener(make(options).fetch),
]

bindMounts('Hono on Node', {
  'by mount()': on('/scim/v2', (options) => new Hono().mount('/scim/v2', scimApp(options).fetch)),
  'by mount() with a parameter': on('/scim/a%20b/v2', (options) =>
    new Hono().mount('/scim/:customer/v2', scimApp(options).fetch),
  ),
  'by mount() without rewriting, with a base path': on('/scim/v2', (options) =>
    new Hono().mount('/scim/v2', scimApp({ ...options, basePath: '/scim/v2' }).fetch, { replaceRequest: false }),
  ),
  'by all(), with a base path': on('/scim/v2', (options) => {
    const scim = scimApp({ ...options, basePath: '/scim/v2/' })
    return new Hono().all('/scim/v2/*', (c) => scim.fetch(c.req.raw, c.env))
  }),
  'by route() with a base path': on('/api/scim', (options) =>
    new Hono().route('/api', scimApp({ ...options, basePath: '/scim' })),
  ),
  'by route(), with the route as its base path': on('/scim/v2', (options) =>
    new Hono().route('/scim/v2', scimApp({ ...options, basePath: '/scim/v2' })),
  ),
  'with a parameter in the base path': on('/scim/a%20b/v2', (options) =>
    new Hono().route('/', scimApp({ ...options, basePath: '/scim/:customer/v2' })),
  ),
  'with a path that contains the host': on('/scim/v2', (options) =>
    new Hono({ getPath: ({ url }) => `/host${new URL(url).pathname}` }).route('/host/scim/v2', scimApp(options)),
  ),
})

const options: ScimOptions = { provider: memoryProvider(), authenticate: noAuthentication() }

test('with a base path every other path is passed to the next handler', async () => {
  const app = new Hono().route('/', scimApp({ ...options, basePath: '/scim' })).all('*', (c) => c.body(null, 418))
  for (const path of ['/', '/scimx', '/SCIM/Users', '/other/scim/Users']) {
    expect((await app.request(path)).status).toBe(418)
  }
  expect((await app.request('/scim/Users')).status).toBe(200)
})

test('without Node’s request, mount() hides its path: a base path with rewriting is 404', async () => {
  const app = new Hono().mount('/scim/v2', scimApp({ ...options, basePath: '/scim/v2' }).fetch)
  expect((await app.request('/scim/v2/Users')).status).toBe(404)
  const notRewritten = new Hono().mount('/scim/v2', scimApp({ ...options, basePath: '/scim/v2' }).fetch, {
    replaceRequest: false,
  })
  expect((await notRewritten.request('/scim/v2/Users')).status).toBe(200)
})

describe('authenticate receives the value of a mount parameter', () => {
  const cases: Readonly<Record<string, (scim: (basePath: string) => Hono) => Hono>> = {
    'of a route': (scim) => new Hono().route('/scim/:customer/v2', scim('')),
    'of a base path': (scim) => new Hono().route('/', scim('/scim/:customer/v2')),
    'of a base path below a route': (scim) => new Hono().route('/scim', scim('/:customer/v2')),
  }
  for (const [name, make] of Object.entries(cases)) {
    const seen: unknown[] = []
    const authenticate: Authenticator = ({ mountParameters }) => {
      seen.push(mountParameters?.customer)
      return { tenant: tenantId(mountParameters?.customer ?? '') }
    }
    const app = make((basePath) => scimApp({ provider: memoryProvider(), authenticate, basePath }))
    const { exchange } = start(getRequestListener(app.fetch), '')
    test(name, async () => {
      expect((await app.request('/scim/acme/v2/Users')).status).toBe(200)
      expect((await exchange({ method: 'GET', path: '/scim/a%20b/v2/Users' })).status).toBe(200)
      expect((await exchange({ method: 'GET', path: '/scim//v2/Users' })).status).toBe(404)
      expect(seen).toEqual(['acme', 'a b'])
    })
  }
})
