/** Whole HTTP requests, through every adapter: the same status and the same body, and never a failure. */
import assert from 'node:assert'
import { once } from 'node:events'
import { createServer, request as send } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { scimRouter } from '@scimkit/express-adapter'
import { fetchHandler } from '@scimkit/fetch-http'
import { scimApp } from '@scimkit/hono-adapter'
import { scimMiddleware } from '@scimkit/koa-adapter'
import express from 'express'
import { Hono } from 'hono'
import Koa from 'koa'
import { checkResponse } from '../expectations.mjs'
import { serverOptions } from '../server.mjs'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']
const mostRequests = 500

let stage
let sent = 0

export const target = {
  name: 'requests',
  words: [
    ...[
      'GET /',
      'POST /',
      'PUT /',
      'PATCH /',
      'DELETE /',
      'HEAD /',
      '/Users',
      '/Groups',
      '/Me',
      '/Bulk',
      '/Schemas',
      '/.search',
      '/ServiceProviderConfig',
    ],
    ...[
      '?filter=',
      '?count=1&startIndex=',
      '&attributes=',
      '&excludedAttributes=',
      '&sortBy=',
      '&cursor',
      '%2F',
      '%00',
      '//',
      '/../',
      '/./',
      ';a=b',
      '%',
      '?',
      '#',
    ],
    ...[
      '\nAccept: ',
      '\nContent-Type: ',
      '\nIf-Match: ',
      '\nPrefer: return=minimal',
      '\nIdempotency-Key: a',
      '\nContent-Encoding: gzip',
      'application/scim+json',
      'text/html;q=0.5',
      '*/*',
    ],
    ...[
      '\n\n{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"x"}',
      '\n\n',
      '\nX-Request-Id: a',
      '\ntraceparent: 00-',
      '\nX-Forwarded-Host: evil',
    ],
  ],
  async check(text) {
    const request = parsed(text)
    if (request === undefined) return
    stage ??= await openStage()
    const before = [...stage.writes]
    // Always through all of them, so that their stores stay equal.
    const answers = await Promise.all(stage.ports.map((port) => overSocket(port, request)))
    const [first] = answers
    sent += 1
    try {
      for (const [i, answer] of answers.entries()) {
        if (answer === 'not sent') continue
        checkResponse(answer)
        if (answer.status >= 400) assert.equal(stage.writes[i], before[i], `${answer.status} after a write`)
        assert.equal(comparable(answer), comparable(first))
      }
    } catch (error) {
      // Their stores may differ now.
      await closeStage()
      throw error
    }
    if (sent % mostRequests === 0) await closeStage()
  },
}

/** `METHOD /path`, header lines, an empty line, the body. */
function parsed(text) {
  const [head, ...rest] = text.split('\n\n')
  const [line = '', ...headerLines] = head.split('\n')
  const space = line.indexOf(' ')
  const method = line.slice(0, space)
  const target = line.slice(space + 1)
  if (!methods.includes(method) || !/^\/[!-~]*$/.test(target) || target.length > 8_000) return undefined
  // Hosts of web requests resolve these before the adapter sees them (SEC-17).
  if (/[\\]|\/(\.|%2e){1,2}([/?#]|$)/i.test(target)) return undefined
  const headers = {}
  for (const one of headerLines) {
    const colon = one.indexOf(':')
    const name = one.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    const value = one.slice(colon + 1).trim()
    // What HTTP itself refuses is not for the adapters.
    if (!/^[a-z][a-z0-9-]*$/.test(name) || !/^[ -~]*$/.test(value) || refusedByHttp.has(name)) continue
    headers[name] = value
  }
  const body = rest.join('\n\n')
  return {
    method,
    target: `/scim/v2${target === '/' ? '' : target}`,
    headers,
    body: method === 'GET' || method === 'HEAD' ? undefined : body,
  }
}

const refusedByHttp = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'keep-alive',
  'proxy-connection',
  'http2-settings',
])

async function openStage() {
  // Each has its own store with the same ids and times, so that all of them answer alike.
  const writes = [0, 0, 0, 0]
  const options = (i) =>
    serverOptions({
      onEvent: ({ kind }) => {
        if (kind === 'write') writes[i] += 1
      },
      ports: fixedPorts(),
      onError: (error) => {
        throw error
      },
      baseUrl: 'https://scim.example/scim/v2',
    })
  const app = express()
    .disable('x-powered-by')
    .use('/scim/v2', scimRouter(options(0)))
  const koa = new Koa().use(scimMiddleware({ ...options(1), basePath: '/scim/v2' }))
  koa.silent = true
  const hono = getRequestListener(new Hono().route('/scim/v2', scimApp(options(2))).fetch)
  const fetch = getRequestListener(fetchHandler({ ...options(3), basePath: '/scim/v2' }))
  const servers = []
  for (const listener of [app, koa.callback(), hono, fetch]) {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
  }
  return { servers, writes, ports: servers.map((server) => server.address().port) }
}

async function closeStage() {
  for (const server of stage.servers) {
    server.closeAllConnections()
    server.close()
  }
  stage = undefined
}

function fixedPorts() {
  let ids = 0
  return {
    now: () => Date.parse('2026-01-01T00:00:00Z'),
    newId: () => {
      ids += 1
      return `id-${ids}`
    },
    randomBytes: (count) => new Uint8Array(count).fill(7),
  }
}

function overSocket(port, { method, target, headers, body }) {
  return new Promise((resolve, reject) => {
    let outgoing
    try {
      outgoing = send({ host: '127.0.0.1', port, method, path: target, headers, timeout: 5_000 })
    } catch {
      return resolve('not sent')
    }
    outgoing.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }))
      response.on('error', reject)
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer after 5 s')))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function comparable({ status, headers, body }) {
  const { etag, location, allow } = headers
  return JSON.stringify({ status, etag, location, allow, type: headers['content-type'], body })
}
