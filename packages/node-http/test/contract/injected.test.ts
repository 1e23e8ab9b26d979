/** Simulated requests without a socket, as test clients and serverless platforms create them. */
import { type IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import awsLambdaFastify from '@fastify/aws-lambda'
import fastifyExpress from '@fastify/express'
import middie from '@fastify/middie'
import { describe, expect, jest, test } from '@jest/globals'
import { bearerToken, createScim, type ScimOptions } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { scimMiddleware } from '@scimkit/koa-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import { answerRequest } from '@scimkit/node-http'
import express from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import Koa from 'koa'
import inject from 'light-my-request'
import serverless from 'serverless-http'

const token = 'a-token-of-32-characters-or-more-it-is'
const scim = 'application/scim+json'
const user = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada' })

interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}
type Client = (sent: Sent) => Promise<Answer>

const options = (): ScimOptions => ({ provider: memoryProvider(), authenticate: bearerToken(token) })
const expressApp = () => express().use('/scim', scimRouter(options()))
const koaApp = () => Object.assign(new Koa(), { silent: true }).use(scimMiddleware({ ...options(), basePath: '/scim' }))

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'

const viaInject =
  (listener: Parameters<typeof inject>[0]): Client =>
  async ({ method, path, headers, body }) => {
    const payload = body === undefined ? {} : { payload: body }
    const answer = await inject(listener, { method: method as Method, url: path, headers, ...payload })
    return { status: answer.statusCode, headers: answer.headers, body: answer.payload }
  }

const viaFastify = (prepare: (app: FastifyInstance) => PromiseLike<unknown>): Client => {
  const app = fastify()
  const ready = prepare(app)
  return async ({ method, path, headers, body }) => {
    await ready
    const answer = await app.inject({
      method: method as Method,
      url: path,
      headers,
      ...(body !== undefined && { payload: body }),
    })
    return { status: answer.statusCode, headers: answer.headers, body: answer.payload }
  }
}

const viaLambda = (): Client => {
  const app = fastify()
  const ready = app.register(middie).then(() => app.use(expressApp()))
  const proxy = awsLambdaFastify(app)
  return async ({ method, path, headers, body }) => {
    await ready
    const event = { httpMethod: method, path, headers, body: body ?? null, isBase64Encoded: false, requestContext: {} }
    const answer = (await proxy(event, {} as never)) as {
      statusCode: number
      headers: Record<string, string>
      body: string
    }
    return { status: answer.statusCode, headers: answer.headers, body: answer.body }
  }
}

const viaServerless = (app: Parameters<typeof serverless>[0]): Client => {
  const handler = serverless(app)
  return async ({ method, path, headers, body }) => {
    const event = { httpMethod: method, path, headers, body: body ?? '', isBase64Encoded: false, requestContext: {} }
    const answer = (await handler(event, {})) as { statusCode: number; headers: Record<string, string>; body: string }
    return { status: answer.statusCode, headers: answer.headers, body: answer.body }
  }
}

const clients: Readonly<Record<string, () => Client>> = {
  'light-my-request with Express': () => viaInject(expressApp()),
  'light-my-request with Koa': () => viaInject(koaApp().callback()),
  'inject of Fastify with @fastify/middie': () =>
    viaFastify((app) => app.register(middie).then(() => app.use(expressApp()))),
  'inject of Fastify with @fastify/express': () =>
    viaFastify((app) => app.register(fastifyExpress).then(() => app.use('/scim', scimRouter(options())))),
  '@fastify/aws-lambda': viaLambda,
  'serverless-http': () => viaServerless(koaApp()),
}

describe.each(Object.entries(clients))('%s', (_name, open) => {
  const client = open()
  const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> =>
    client({
      method,
      path: `/scim${path}`,
      headers: { authorization: `Bearer ${token}`, host: 'scim.example', 'content-type': scim, ...headers },
      ...(body !== undefined && { body }),
    })

  test('creates, reads, compares, changes and removes', async () => {
    const created = await send('POST', '/Users', {}, user)
    expect([created.status, created.body]).toEqual([201, expect.stringContaining('"userName":"ada"')])
    const { id, meta } = JSON.parse(created.body)
    expect(created.headers.location).toMatch(/^https?:\/\/scim\.example\/scim\/Users\//)
    const read = await send('GET', `/Users/${id}`)
    expect([read.status, JSON.parse(read.body).id, read.headers.etag]).toEqual([200, id, meta.version])
    const head = await send('HEAD', `/Users/${id}`)
    expect([head.status, head.body, head.headers.etag]).toEqual([200, '', meta.version])
    const unchanged = await send('GET', `/Users/${id}`, { 'if-none-match': meta.version })
    expect([unchanged.status, unchanged.body]).toEqual([304, ''])
    const stale = await send('PUT', `/Users/${id}`, { 'if-match': 'W/"0-stale"' }, user)
    expect([stale.status, JSON.parse(stale.body).status]).toEqual([412, '412'])
    const removed = await send('DELETE', `/Users/${id}`)
    expect([removed.status, removed.body]).toEqual([204, ''])
    expect((await send('GET', `/Users/${id}`)).status).toBe(404)
  })

  test('responds before the body is read: 401, 404, 415 and 413', async () => {
    const refused: readonly [number, string, Record<string, string>, string][] = [
      [401, '/Users', { authorization: 'Bearer none' }, user],
      [404, '/Nothing', {}, user],
      [415, '/Users', { 'content-type': 'text/plain' }, user],
      [413, '/Users', {}, ' '.repeat(1_048_577)],
    ]
    for (const [status, path, headers, body] of refused) {
      const answer = await send('POST', path, headers, body)
      expect([answer.status, JSON.parse(answer.body).status]).toEqual([status, String(status)])
    }
    expect(JSON.parse((await send('GET', '/Users')).body).totalResults).toBe(0)
  })
})

test('a request whose rest is never sent gets a response, and nothing is thrown later', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
  try {
    const body = new Readable({ read: () => undefined })
    const headers = { authorization: 'Bearer none', 'content-type': scim }
    for (const listener of [expressApp(), koaApp().callback()]) {
      const answered = inject(listener, { method: 'POST', url: '/scim/Users', headers, payload: body })
      for (let turn = 0; turn < 20; turn++) await new Promise((next) => setImmediate(next))
      jest.advanceTimersByTime(60_000)
      expect((await answered).statusCode).toBe(401)
    }
  } finally {
    jest.useRealTimers()
  }
})

test('a request without a socket and without raw headers gets a response', async () => {
  const req = Object.assign(new Readable({ read: () => undefined }), {
    method: 'GET',
    url: '/scim/Users',
    headers: { host: 'scim.example', authorization: `Bearer ${token}` },
  })
  const res = new ServerResponse(req as unknown as IncomingMessage)
  const scimHandle = createScim(options())
  const mounted = { target: '/scim/Users', mount: '/scim', parsedBody: () => undefined }
  await answerRequest(scimHandle, req as unknown as IncomingMessage, res, mounted, undefined)
  expect(res.statusCode).toBe(200)
})
