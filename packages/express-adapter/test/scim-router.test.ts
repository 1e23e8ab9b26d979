import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { noAuthentication, tenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { scimRouter } from '@scimkit/express-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import express5, { type Express } from 'express'
import supertest from 'supertest'

const express4 = createRequire(import.meta.url)('express4') as typeof express5

const scimJson = 'application/scim+json'
const user = (userName: string) => JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName })

/** The form of a response of the core, unchanged by the framework. */
function expectOurs(answer: supertest.Response, status: number): void {
  expect([answer.status, answer.text]).toEqual([status, answer.text])
  expect(answer.headers).not.toHaveProperty('x-powered-by')
  if (answer.text) expect(answer.headers['content-type']).toBe(scimJson)
  if (status >= 400 && answer.text) expect(answer.body.schemas[0]).toBe('urn:ietf:params:scim:api:messages:2.0:Error')
}

const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
let server: Server | undefined

beforeEach(() => {
  warn.mockClear()
})
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

test('without options it runs in memory and accepts every request, and warns once per process', async () => {
  for (const app of [express5(), express5()]) {
    expectOurs(await supertest(app.use('/scim', scimRouter())).get('/scim/Users'), 200)
  }
  expect(warn.mock.calls.map(([message]) => String(message))).toEqual([
    expect.stringContaining('memory'),
    expect.stringContaining('every client'),
  ])
})

test('with a provider but no authenticate it refuses every request', async () => {
  const app = express5().use(scimRouter({ provider: memoryProvider() }))
  expectOurs(await supertest(app).get('/Users'), 401)
})

describe.each([
  ['Express 5', express5],
  ['Express 4', express4],
])('on %s', (_name, express) => {
  const router = (provider: ResourceProvider = memoryProvider()) =>
    scimRouter({ provider, authenticate: noAuthentication() })
  const post = (app: Express, path: string, text: string, type = scimJson) =>
    supertest(app).post(path).set('Content-Type', type).send(text)

  async function listen(app: Express): Promise<number> {
    server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  test.each([
    ['/scim/v2', '/scim/v2'],
    ['/scim/v2/', '/scim/v2'],
    ['/', ''],
    ['/tenants/:name/scim', '/tenants/a%20b/scim'],
  ])('mounted at %s: create, read, conditional read and update', async (mount, root) => {
    const app = express().use(mount, router())
    const created = await post(app, `${root}/Users`, user('ada@example.com'))
    expectOurs(created, 201)
    const { location, etag } = created.headers as Record<string, string>
    expect(location).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+${root}/Users/${created.body.id}$`))
    expect(etag).toBe(created.body.meta.version)
    const path = `${root}/Users/${created.body.id}`

    const read = await supertest(app).get(path)
    expectOurs(read, 200)
    expect(read.headers.etag).toBe(etag)
    const head = await supertest(app).head(path)
    expectOurs(head, 200)
    expect([head.headers.etag, head.text ?? '']).toEqual([etag, ''])
    const unchanged = await supertest(app).get(path).set('If-None-Match', String(etag))
    expectOurs(unchanged, 304)
    expect([unchanged.headers.etag, unchanged.text]).toEqual([etag, ''])

    const put = (tag: string) =>
      supertest(app).put(path).set('Content-Type', scimJson).set('If-Match', tag).send(user('countess@example.com'))
    expectOurs(await put('W/"0-stale"'), 412)
    expectOurs(await put(String(etag)), 200)
    expectOurs(await put(String(etag)), 412)
    expectOurs(await supertest(app).delete(path), 204)
    expectOurs(await supertest(app).get(path), 404)
  })

  test('below a router below a router', async () => {
    const app = express().use('/api', express.Router().use('/scim', router()))
    const created = await post(app, '/api/scim/Users', user('ada@example.com'))
    expect(created.headers.location).toContain('/api/scim/Users/')
    const filter = encodeURIComponent('userName eq "ada@example.com"')
    expect((await supertest(app).get(`/api/scim/Users?filter=${filter}`)).body.totalResults).toBe(1)
  })

  test.each<[string, (app: Express) => Express]>([
    ['express.json()', (app) => app.use(express.json())],
    ['express.json() for everything', (app) => app.use(express.json({ type: '*/*' }))],
    ['express.text() for everything', (app) => app.use(express.text({ type: '*/*' }))],
    ['express.raw() for everything', (app) => app.use(express.raw({ type: '*/*' }))],
    ['express.urlencoded()', (app) => app.use(express.urlencoded({ extended: true }))],
  ])('behind %s', async (_parser, prepare) => {
    const app = prepare(express()).use('/scim', router())
    for (const [i, type] of [scimJson, 'application/json', `${scimJson}; charset=utf-8`].entries()) {
      expectOurs(await post(app, '/scim/Users', user(`zoë${i}`), type), 201)
    }
    const refused = await post(app, '/scim/Users', '{"userName":"a","__proto__":{"x":1}}')
    expectOurs(refused, 400)
    expect(refused.body.scimType).toBe('invalidSyntax')
    expectOurs(await post(app, '/scim/Users', ''), 400)
  })

  test('behind express.json(), gzip of a type that it parses is accepted, and of another one is 415', async () => {
    const app = express().use(express.json()).use('/scim', router())
    const zipped = (type: string, name: string) =>
      supertest(app)
        .post('/scim/Users')
        .set({ 'Content-Type': type, 'Content-Encoding': 'gzip' })
        .serialize((body) => body)
        .send(gzipSync(user(name)) as unknown as string)
    expectOurs(await zipped('application/json', 'ada'), 201)
    const refused = await zipped(scimJson, 'grace')
    expectOurs(refused, 415)
    expect(refused.headers['accept-encoding']).toBe('identity')
    expect((await supertest(app).get('/scim/Users')).body.totalResults).toBe(1)
  })

  test('never returns an error page of the framework, and never calls the next handler', async () => {
    const others = jest.fn()
    const app = express()
      .use('/scim', router())
      .use((_req, _res, next) => {
        others()
        next()
      })
    const nowhere = ['/Nothing', '/Users/%zz', '/Users/%2e%2e', '/Users/a%2Fb', '/Users//a', '/Users/a;b']
    for (const path of nowhere) expectOurs(await supertest(app).get(`/scim${path}`), 404)
    for (const path of ['', '/']) expectOurs(await supertest(app).get(`/scim${path}`), 200)
    expectOurs(await supertest(app).get('/scim/Users?count=%zz'), 400)
    expectOurs(await post(app, '/scim/Users', '{"userName":'), 400)
    expectOurs(await supertest(app).delete('/scim/Users'), 405)
    expectOurs(await supertest(app).options('/scim/Users'), 405)
    expect(others).not.toHaveBeenCalled()
  })

  test('responds with 413 to a client that is still sending', async () => {
    const port = await listen(express().use('/scim', router()))
    const outgoing = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: '/scim/Users', agent: false })
    outgoing.setHeader('Content-Type', scimJson)
    const answered = once(outgoing, 'response')
    outgoing.on('error', () => undefined)
    for (let i = 0; i < 8; i++) outgoing.write(Buffer.alloc(1_048_576, ' '))
    const [response] = (await answered) as [IncomingMessage]
    let text = ''
    for await (const part of response) text += part
    outgoing.destroy()
    expect([response.statusCode, JSON.parse(text).status]).toEqual([413, '413'])
  })

  test('joins repeated If-Match headers', async () => {
    const app = express().use('/scim', router())
    const created = await post(app, '/scim/Users', user('ada'))
    const port = await listen(app)
    const put = async (...tags: string[]) => {
      const headers = { 'Content-Type': scimJson, 'If-Match': tags }
      const path = `/scim/Users/${created.body.id}`
      const outgoing = httpRequest({ port, host: '127.0.0.1', method: 'PUT', path, headers, agent: false })
      const [response] = (await once(outgoing.end(user('ada')), 'response')) as [IncomingMessage]
      response.resume()
      return response.statusCode
    }
    expect(await put('W/"a"', created.headers.etag as string)).toBe(200)
    expect(await put('W/"a"', 'W/"b"')).toBe(412)
  })

  test('passes its own request to authenticate and to a provider function', async () => {
    const providers = new Map<string, ResourceProvider>()
    const scim = scimRouter({
      authenticate: (_request, native) => ({ tenant: tenantId(native.get('x-tenant') ?? '') }),
      provider: (native) => {
        const name = native.get('x-tenant') ?? ''
        const provider = providers.get(name) ?? memoryProvider()
        providers.set(name, provider)
        return provider
      },
    })
    const app = express().use('/scim', scim)
    await post(app, '/scim/Users', user('ada')).set('x-tenant', 'one')
    expect((await supertest(app).get('/scim/Users').set('x-tenant', 'one')).body.totalResults).toBe(1)
    expect((await supertest(app).get('/scim/Users').set('x-tenant', 'two')).body.totalResults).toBe(0)
  })

  test('signals the provider when the client disconnects', async () => {
    let asked: () => void = () => undefined
    const beginning = new Promise<void>((resolve) => {
      asked = resolve
    })
    const seen = new Promise<boolean>((resolve) => {
      const provider: ResourceProvider = {
        ...memoryProvider(),
        async read(_ref, _needs, { signal }) {
          asked()
          for (let i = 0; i < 200 && signal?.aborted !== true; i++) await new Promise((next) => setTimeout(next, 5))
          resolve(signal?.aborted === true)
          return undefined
        },
      }
      void listen(express().use('/scim', router(provider))).then((port) => {
        const outgoing = httpRequest({ port, host: '127.0.0.1', path: '/scim/Users/1', agent: false })
        outgoing.on('error', () => undefined).end()
        void beginning.then(() => outgoing.destroy())
      })
    })
    expect(await seen).toBe(true)
  })
})
