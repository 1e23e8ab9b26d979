/** Koa, Hono and node-http itself over HTTP/2: with prior knowledge, over TLS, and over TLS together with HTTP/1.1. */
import { once } from 'node:events'
import { createSecureServer, createServer, type Http2Server } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createScim, noAuthentication, type ScimOptions } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { scimApp } from '@scimkit/hono-adapter'
import { scimMiddleware } from '@scimkit/koa-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import { answerRequest, type NodeRequest, type NodeResponse } from '@scimkit/node-http'
import { Hono } from 'hono'
import Koa from 'koa'
import { answerOf, http2Client } from '../../../testkit/test/support/http2-client.js'
import { localhostCertificate } from '../../../testkit/test/support/localhost-certificate.js'

type Listener = (req: NodeRequest, res: NodeResponse) => void

const scimJson = { 'content-type': 'application/scim+json' }
const user = (userName: string): string =>
  JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName })

const listeners: Readonly<Record<string, (options: ScimOptions) => Listener>> = {
  Koa: (options) => new Koa().use(scimMiddleware({ ...options, basePath: '/scim' })).callback() as Listener,
  Hono: (options) => getRequestListener(new Hono().route('/scim', scimApp(options)).fetch) as Listener,
  'node-http': (options) => {
    const scim = createScim(options)
    return (req, res) =>
      void answerRequest(scim, req, res, { target: req.url ?? '', mount: '/scim', parsedBody: () => undefined }, req)
  },
}

const servers: Readonly<
  Record<string, (listener: Listener) => { readonly server: Http2Server; readonly scheme: string }>
> = {
  'with prior knowledge': (listener) => ({ server: createServer(listener), scheme: 'http' }),
  'over TLS': (listener) => ({ server: createSecureServer(localhostCertificate, listener), scheme: 'https' }),
  'over TLS beside HTTP/1.1': (listener) => ({
    server: createSecureServer({ ...localhostCertificate, allowHTTP1: true }, listener),
    scheme: 'https',
  }),
}

const closing: (() => void)[] = []
afterAll(() => {
  for (const close of closing) close()
})

async function started(listener: Listener, way: keyof typeof servers = 'with prior knowledge') {
  const { server, scheme } = servers[way]?.(listener) ?? { server: createServer(listener), scheme: 'http' }
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = http2Client(`${scheme}://${authority}`)
  closing.push(() => {
    client.session.destroy()
    server.close()
  })
  return { ...client, authority, origin: `${scheme}://${authority}` }
}

function http2Clients(origin: string) {
  const client = http2Client(origin)
  closing.push(() => client.session.destroy())
  return client
}

const open = (provider: ResourceProvider = memoryProvider()): ScimOptions => ({
  provider,
  authenticate: noAuthentication(),
})

describe.each(Object.entries(listeners))('%s over HTTP/2', (name, listener) => {
  test.each(Object.keys(servers))('%s: creates, reads, compares, changes and removes', async (way) => {
    const { send, origin, session } = await started(listener(open()), way)
    const created = await send('POST', '/scim/Users', scimJson, user('ada'))
    expect([created.status, created.body]).toEqual([201, expect.stringContaining('"userName":"ada"')])
    const { id, meta } = JSON.parse(created.body)
    const path = `/scim/Users/${id}`
    expect(created.headers.location).toBe(`${origin}${path}`)
    const read = await send('GET', path)
    expect([read.status, read.headers.etag, JSON.parse(read.body).meta.location]).toEqual([
      200,
      meta.version,
      `${origin}${path}`,
    ])
    const head = await send('HEAD', path)
    expect([head.status, head.headers.etag, head.body]).toEqual([200, meta.version, ''])
    const unchanged = await send('GET', path, { 'if-none-match': meta.version })
    expect([unchanged.status, unchanged.body]).toEqual([304, ''])
    expect((await send('PUT', path, { ...scimJson, 'if-match': 'W/"0-stale"' }, user('b'))).status).toBe(412)
    expect((await send('PUT', path, { ...scimJson, 'if-match': meta.version }, user('b'))).status).toBe(200)
    expect((await send('DELETE', path)).status).toBe(204)
    expect((await send('GET', path)).status).toBe(404)
    expect(session.destroyed).toBe(false)
  })

  test('refuses early and keeps the connection: 401, 404, 415, 413', async () => {
    const { send, session } = await started(listener({ provider: memoryProvider(), authenticate: () => undefined }))
    const lets = await started(listener(open()))
    expect((await send('POST', '/scim/Users', scimJson, user('a'))).status).toBe(401)
    expect((await lets.send('POST', '/scim/Nothing', scimJson, user('a'))).status).toBe(404)
    expect((await lets.send('POST', '/scim/Users', { 'content-type': 'text/plain' }, user('a'))).status).toBe(415)
    const large = await lets.send('POST', '/scim/Users', scimJson, Buffer.alloc(4 * 1_048_576, ' '))
    expect([large.status, JSON.parse(large.body).status]).toEqual([413, '413'])
    expect(JSON.parse((await lets.send('GET', '/scim/Users')).body).totalResults).toBe(0)
    expect([session.destroyed, lets.session.destroyed]).toEqual([false, false])
  })

  test('responds with 413 to a client that keeps sending', async () => {
    const { open: begin, send } = await started(listener(open()))
    const stream = begin('POST', '/scim/Users', scimJson)
    const answered = answerOf(stream)
    for (let i = 0; i < 2 && !stream.destroyed; i++) stream.write(Buffer.alloc(1_048_576, ' '))
    const answer = await answered
    expect([answer.status, JSON.parse(answer.body).status]).toEqual([413, '413'])
    stream.destroy()
    expect((await send('GET', '/scim/Users')).status).toBe(200)
  })

  test('a client that disconnects in the middle of its body leaves nothing behind', async () => {
    const { open: begin, origin, session } = await started(listener(open()))
    // The received part is valid JSON: only the end of the body is missing.
    const streams = ['cancelled', 'broken', 'cut'].map((name) => begin('POST', '/scim/Users', { ...scimJson, name }))
    for (const stream of streams) stream.write(user('half'))
    await sleep(50)
    streams[0]?.destroy()
    streams[1]?.destroy(new Error('broken'))
    await sleep(50)
    session.destroy()
    await sleep(50)
    const { send: sendAgain } = http2Clients(origin)
    expect(JSON.parse((await sendAgain('GET', '/scim/Users')).body).totalResults).toBe(0)
  })

  test('signals the provider when the client disconnects', async () => {
    let begun: () => void = () => undefined
    const beginning = new Promise<void>((resolve) => {
      begun = resolve
    })
    let seen: (aborted: boolean) => void = () => undefined
    const end = new Promise<boolean>((resolve) => {
      seen = resolve
    })
    const provider: ResourceProvider = {
      ...memoryProvider(),
      async read(_ref, _needs, { signal }) {
        begun()
        for (let i = 0; i < 200 && signal?.aborted !== true; i++) await sleep(5)
        seen(signal?.aborted === true)
        return undefined
      },
    }
    const { open: begin } = await started(listener(open(provider)))
    const stream = begin('GET', '/scim/Users/1')
    stream.end()
    await beginning
    stream.close(8)
    expect(await end).toBe(true)
  })

  if (name === 'Hono') return
  test('a Host that differs from :authority is 400, an equal one is accepted', async () => {
    const { send, authority } = await started(listener(open()))
    expect((await send('GET', '/scim/Users', { ':authority': authority, host: authority })).status).toBe(200)
    const refused = await send('GET', '/scim/Users', { ':authority': authority, host: 'other.example' })
    expect([refused.status, JSON.parse(refused.body).status]).toEqual([400, '400'])
  })
})

test('Koa over HTTP/2 receives no error when a client disconnects in the middle of its body', async () => {
  const failed: unknown[] = []
  const app = new Koa().use(scimMiddleware({ ...open(), basePath: '/scim' })).on('error', (error) => failed.push(error))
  const { open: begin, session } = await started(app.callback() as Listener)
  const streams = [0, 1, 2].map(() => begin('POST', '/scim/Users', scimJson))
  for (const stream of streams) stream.write('{"half":')
  await sleep(50)
  streams[0]?.destroy()
  streams[1]?.destroy(new Error('broken'))
  await sleep(50)
  session.destroy()
  await sleep(50)
  expect(failed).toEqual([])
})

test('Koa over TLS together with HTTP/1.1: HTTP/1.1 works too', async () => {
  const { origin } = await started(
    (listeners.Koa as NonNullable<typeof listeners.Koa>)(open()),
    'over TLS beside HTTP/1.1',
  )
  const sent = httpsRequest(`${origin}/scim/Users`, { method: 'POST', rejectUnauthorized: false, headers: scimJson })
  const [response] = await once(sent.end(user('ada')), 'response')
  expect(response.statusCode).toBe(201)
  expect(response.headers.location).toContain(`${origin}/scim/Users/`)
  response.resume()
})
