/** Real proxies between a client and a server: every location in a response is valid for the client. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, request as send } from 'node:http'
import { createServer as createTlsServer, request as sendTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from '@jest/globals'
import { noAuthentication, type ScimOptions } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { frameworks } from '../support/frameworks.js'
import { localhostCertificate } from '../support/localhost-certificate.js'

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

interface Rewritten {
  readonly path?: string
  readonly headers: IncomingHttpHeaders
}

/** A proxy to a port of this machine. It forwards requests unchanged except for `rewrite`. */
function proxyTo(port: number, rewrite: (req: IncomingMessage) => Rewritten, tls = false): Promise<number> {
  const handler = (req: IncomingMessage, res: import('node:http').ServerResponse): void => {
    const { path = req.url ?? '/', headers } = rewrite(req)
    const onward = send({ host: '127.0.0.1', port, method: req.method, path, headers: { ...req.headers, ...headers } })
    onward.on('response', (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    onward.on('error', () => res.writeHead(502).end())
    req.pipe(onward)
  }
  return listening(tls ? createTlsServer({ ...localhostCertificate }, handler) : createServer(handler))
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

async function ask(url: string, method = 'GET', body = '', headers: IncomingHttpHeaders = {}): Promise<Answer> {
  const options = { method, headers: { 'Content-Type': 'application/scim+json', ...headers }, agent: false as const }
  const outgoing = url.startsWith('https:')
    ? sendTls(url, { ...options, ca: localhostCertificate.cert })
    : send(url, options)
  const [answer] = (await once(outgoing.end(body), 'response')) as [IncomingMessage]
  let text = ''
  for await (const part of answer) text += part
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: text }
}

const user = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada' })

/** Creates a user at the address that the client knows, and follows each location in the responses. */
async function createAndFollow(root: string, headers: IncomingHttpHeaders = {}): Promise<void> {
  const created = await ask(`${root}/Users`, 'POST', user, headers)
  expect([created.status, created.body]).toEqual([201, created.body])
  const { id, meta } = JSON.parse(created.body)
  expect([created.headers.location, meta.location]).toEqual([`${root}/Users/${id}`, `${root}/Users/${id}`])
  const followed = await ask(meta.location)
  expect([followed.status, JSON.parse(followed.body).id]).toEqual([200, id])
  const type = JSON.parse((await ask(`${root}/ResourceTypes/User`)).body)
  expect((await ask(type.meta.location)).status).toBe(200)
}

const forged = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Prefix': '/evil' }
const joined = (before: string | string[] | undefined, own: string): string =>
  before === undefined ? own : `${String(before)}, ${own}`

for (const name of ['Express 5', 'Express 4', 'Koa 3', 'Koa 2', 'Hono'] as const) {
  const listener = await frameworks[name]()
  const serverWith = (options: Partial<ScimOptions>): Promise<number> =>
    listening(createServer(listener({ provider: memoryProvider(), authenticate: noAuthentication(), ...options })))

  describe(`${name}, behind`, () => {
    test('a proxy that strips a prefix and sends X-Forwarded-Prefix', async () => {
      const server = await serverWith({ trustProxy: true })
      const proxy = await proxyTo(server, ({ url = '', headers: { host } }) => ({
        path: url.slice('/idp'.length),
        headers: {
          'x-forwarded-proto': 'http',
          'x-forwarded-host': host,
          'x-forwarded-prefix': '/idp',
          host: 'backend',
        },
      }))
      await createAndFollow(`http://127.0.0.1:${proxy}/idp/scim/v2`, forged)
    })

    test('two proxies that each add an entry', async () => {
      const server = await serverWith({ trustProxy: 2 })
      const adding =
        (prefix: string) =>
        ({ url = '', headers }: IncomingMessage): Rewritten => ({
          path: url.slice(prefix.length),
          headers: {
            'x-forwarded-proto': joined(headers['x-forwarded-proto'], 'http'),
            'x-forwarded-host': joined(headers['x-forwarded-host'], headers.host ?? ''),
            'x-forwarded-prefix': joined(headers['x-forwarded-prefix'], prefix === '' ? '/' : prefix),
            host: 'backend',
          },
        })
      const inner = await proxyTo(server, adding(''))
      const outer = await proxyTo(inner, adding('/idp'))
      await createAndFollow(`http://127.0.0.1:${outer}/idp/scim/v2`, forged)
    })

    test('a proxy that terminates TLS', async () => {
      const server = await serverWith({ trustProxy: true })
      const proxy = await proxyTo(
        server,
        ({ headers: { host } }) => ({
          headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': host, 'x-forwarded-prefix': '' },
        }),
        true,
      )
      await createAndFollow(`https://localhost:${proxy}/scim/v2`, forged)
    })

    test('a proxy that rewrites Host: only the host of the clients is accepted', async () => {
      const server = await serverWith({ trustProxy: true, hosts: ['scim.example'] })
      const proxy = await proxyTo(server, ({ headers: { host } }) => ({
        headers: { host: 'backend', 'x-forwarded-host': host, 'x-forwarded-proto': 'http', 'x-forwarded-prefix': '' },
      }))
      const at = (host: string): Promise<Answer> =>
        ask(`http://127.0.0.1:${proxy}/scim/v2/ResourceTypes/User`, 'GET', '', { ...forged, host })
      const { status, body } = await at('scim.example')
      expect([status, JSON.parse(body).meta.location]).toEqual([200, 'http://scim.example/scim/v2/ResourceTypes/User'])
      expect((await at('evil.example')).status).toBe(421)
      expect((await at('backend')).status).toBe(421)
      expect((await ask(`http://127.0.0.1:${server}/scim/v2/Users`)).status).toBe(421)
    })
  })
}
