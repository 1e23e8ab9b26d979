import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { defaultLimits, type Limits, type Scim } from '@scimkit/core'
import type { RequestBody, ScimRequest, ScimResponse } from '@scimkit/core/adapter'
import { answerRequest, localHost } from '@scimkit/node-http'
import { sendRaw } from '../../testkit/test/support/raw-socket.js'

type Handle = (request: ScimRequest, native: unknown) => Promise<ScimResponse>

const limit = 1_000
const megabyte = 1_048_576
const reply = (status: number, body: string | null = '{}', headers: Record<string, string> = {}): ScimResponse => ({
  status,
  headers: { 'Content-Type': 'application/scim+json', ...headers },
  body,
})

let server: Server
let handle: Handle
let answerLimits: Partial<Limits>
/** Code that runs before the handler, like middleware. */
let before: (req: IncomingMessage & { body?: unknown }, res: ServerResponse) => void | Promise<void>
let finished: Promise<void>

beforeEach(async () => {
  before = () => undefined
  answerLimits = {}
  const scim = {
    handle: (scimRequest: ScimRequest, native: unknown) => handle(scimRequest, native),
    get limits() {
      return { ...defaultLimits, ...answerLimits }
    },
  } as unknown as Scim
  server = createServer(async (req: IncomingMessage & { body?: unknown }, res) => {
    await before(req, res)
    finished = answerRequest(scim, req, res, { target: req.url ?? '', mount: '', parsedBody: () => req.body }, 'native')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const port = () => (server.address() as AddressInfo).port

const raw = (text: string | Buffer, options?: { readonly quiet?: number }): Promise<string> =>
  sendRaw(port(), text, options)

const head = (method: string, ...headers: string[]) =>
  `${[`${method} /x HTTP/1.1`, 'Host: a.example', ...headers].join('\r\n')}\r\n\r\n`

/** The body as the core receives it. */
async function bodyOf(text: string | Buffer): Promise<RequestBody> {
  let seen: RequestBody = { kind: 'tooLarge' }
  handle = async (scimRequest) => {
    seen = await scimRequest.body(limit)
    return reply(200)
  }
  expect(await raw(text)).toContain('HTTP/1.1 200')
  return seen
}

describe('the request as the core receives it', () => {
  test('is plain data, as received', async () => {
    const seen: unknown[] = []
    handle = async ({ body: _body, signal: _signal, header, ...plain }, native) => {
      seen.push(plain, native, header('if-match'), header('authorization'), header('x-none'))
      return reply(204, null)
    }
    const lines = [
      'Host: a.example',
      'If-Match: W/"1"',
      'If-Match: W/"2", W/"3"',
      'Authorization: a',
      'Authorization: b',
    ]
    await raw(`GET /x%2F?q=%zz#f HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    expect(seen).toEqual([
      {
        method: 'GET',
        target: '/x%2F?q=%zz#f',
        mount: '',
        scheme: 'http',
        host: 'a.example',
        headersMayBeMissing: false,
        bodyDecoded: false,
      },
      'native',
      'W/"1", W/"2", W/"3"',
      'a, b',
      undefined,
    ])
  })

  test('lacks the headers that a middleware removed', async () => {
    before = (req) => {
      delete req.headers['x-forwarded-host']
      req.headers['if-match'] = 'W/"9"'
    }
    const seen: unknown[] = []
    handle = async ({ header }) => {
      seen.push(header('x-forwarded-host'), header('if-match'))
      return reply(204, null)
    }
    await raw(head('GET', 'X-Forwarded-Host: evil.example', 'If-Match: W/"1"'))
    expect(seen).toEqual([undefined, 'W/"9"'])
  })

  test('has the value that a middleware set for a repeated header', async () => {
    before = (req) => {
      req.headers.authorization = 'c'
      req.headers['if-match'] = 'W/"1"'
    }
    const seen: unknown[] = []
    handle = async ({ header }) => {
      seen.push(header('authorization'), header('if-match'))
      return reply(204, null)
    }
    await raw(head('GET', 'Authorization: a', 'Authorization: b', 'If-Match: W/"1"', 'If-Match: W/"2"'))
    expect(seen).toEqual(['c', 'W/"1"'])
  })

  test('of HTTP/1.0 without a Host has the local address of the connection as host', async () => {
    const hosts: unknown[] = []
    handle = async ({ host }) => {
      hosts.push(host)
      return reply(204, null)
    }
    await raw('GET /x HTTP/1.0\r\n\r\n')
    await raw('GET /x HTTP/1.0\r\nHost:\r\n\r\n')
    await raw('GET /x HTTP/1.0\r\nHost: b.example\r\n\r\n')
    expect(hosts).toEqual([`127.0.0.1:${port()}`, `127.0.0.1:${port()}`, 'b.example'])
    expect(await raw('GET /x HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  })

  test.each([
    [{ localAddress: '::1', localPort: 8080 }, '[::1]:8080'],
    [{ localAddress: '::ffff:192.0.2.1', localPort: 8080 }, '192.0.2.1:8080'],
    [{ localAddress: 'fe80::1%eth0', localPort: 80 }, '[fe80::1]'],
    [{ localAddress: '192.0.2.1', localPort: 443, encrypted: true }, '192.0.2.1'],
    [{ localAddress: '192.0.2.1', localPort: 443, encrypted: false }, '192.0.2.1:443'],
    [{}, 'localhost'],
    [undefined, 'localhost'],
  ])('at the address %j has the host %s', (socket, host) => {
    expect(localHost({ socket })).toBe(host)
  })

  test('creates no signal and adds no listener until the signal is read', async () => {
    const counts: number[] = []
    let response: ServerResponse | undefined
    before = (_req, res) => {
      response = res
      counts.push(res.listenerCount('close'))
    }
    handle = async (scimRequest) => {
      counts.push(response?.listenerCount('close') ?? -1)
      const first = scimRequest.signal
      counts.push(response?.listenerCount('close') ?? -1)
      expect(scimRequest.signal).toBe(first)
      return reply(204, null)
    }
    await raw(head('GET'))
    expect(counts.map((count) => count - (counts[0] ?? 0))).toEqual([0, 0, 1])
  })

  test('has an aborted signal if it is read after the client disconnected', async () => {
    let aborted: boolean | undefined
    const socket = connect(port(), '127.0.0.1').on('error', () => undefined)
    handle = async (scimRequest) => {
      socket.destroy()
      await sleep(50)
      aborted = scimRequest.signal?.aborted
      return reply(200)
    }
    const handled = once(server, 'request')
    socket.write(head('GET'))
    await handled
    await finished
    expect(aborted).toBe(true)
  })

  test('aborts its signal when the client disconnects, and its body rejects', async () => {
    const signals: boolean[] = []
    let problem: unknown
    const socket = connect(port(), '127.0.0.1').on('error', () => undefined)
    handle = async ({ body, signal }) => {
      // Only half of the body is sent.
      setTimeout(() => socket.destroy(), 20)
      problem = await body(limit).catch((error: unknown) => error)
      await sleep(20)
      signals.push(signal?.aborted === true)
      return reply(200)
    }
    const handled = once(server, 'request')
    socket.write(`${head('POST', 'Content-Length: 100')}{"half":`)
    await handled
    await finished
    expect(problem).toHaveProperty('message')
    expect(signals).toEqual([true])
  })

  test('does not abort its signal when the response was received', async () => {
    let signal: ScimRequest['signal']
    handle = async (scimRequest) => {
      signal = scimRequest.signal
      return reply(200)
    }
    await raw(head('GET', 'Connection: close'))
    expect(signal?.aborted).toBe(false)
  })
})

describe('the body', () => {
  const bytes = (text: string) => ({ kind: 'bytes', bytes: Buffer.from(text) })

  test('is received as bytes, in one or many chunks, with or without a length', async () => {
    expect(await bodyOf(`${head('POST', 'Content-Length: 2')}{}`)).toEqual(bytes('{}'))
    expect(await bodyOf(`${head('POST', 'Transfer-Encoding: chunked')}1\r\n{\r\n1\r\n}\r\n0\r\n\r\n`)).toEqual(
      bytes('{}'),
    )
    expect(await bodyOf(head('POST'))).toEqual(bytes(''))
    expect(await bodyOf(`${head('POST', `Content-Length: ${limit}`)}${' '.repeat(limit)}`)).toEqual(
      bytes(' '.repeat(limit)),
    )
  })

  test('is too large from the first byte above the limit, by Content-Length or by bytes', async () => {
    const tooLarge = { kind: 'tooLarge' }
    expect(await bodyOf(`${head('POST', `Content-Length: ${limit + 1}`)}${' '.repeat(limit + 1)}`)).toEqual(tooLarge)
    const chunk = `${(limit + 1).toString(16)}\r\n${' '.repeat(limit + 1)}\r\n0\r\n\r\n`
    expect(await bodyOf(head('POST', 'Transfer-Encoding: chunked') + chunk)).toEqual(tooLarge)
  })

  test('is the result of a parser, if and only if one has read the stream', async () => {
    const post = `${head('POST', 'Content-Length: 7')}{"a":1}`
    const drained = async (req: IncomingMessage) => {
      for await (const chunk of req.iterator({ destroyOnReturn: false })) void chunk
    }
    const leaving = (value: unknown) => async (req: IncomingMessage & { body?: unknown }) => {
      await drained(req)
      req.body = value
    }
    before = (req) => {
      req.body = {}
    }
    expect(await bodyOf(post)).toEqual(bytes('{"a":1}'))
    before = leaving({ a: 1 })
    expect(await bodyOf(post)).toEqual({ kind: 'parsed', value: { a: 1 } })
    before = leaving(undefined)
    expect(await bodyOf(post)).toEqual({ kind: 'parsed', value: undefined })
    before = leaving('{"a":1}')
    expect(await bodyOf(post)).toEqual(bytes('{"a":1}'))
    before = leaving(Buffer.from('{"a":1}'))
    expect(await bodyOf(post)).toEqual(bytes('{"a":1}'))
    before = leaving(' '.repeat(limit + 1))
    expect(await bodyOf(post)).toEqual({ kind: 'tooLarge' })
    before = (req) => void req.setEncoding('utf8')
    expect(await bodyOf(post)).toEqual(bytes('{"a":1}'))
  })
})

describe('the response', () => {
  test('is sent unchanged', async () => {
    before = (_req, res) => void res.setHeader('X-Powered-By', 'Something')
    handle = async () => reply(201, '{"a":"é"}', { ETag: 'W/"1"', Location: '/x' })
    const text = await raw(head('POST'))
    expect(text).toMatch(/^HTTP\/1.1 201 Created\r\n/)
    expect(text).toContain('\r\nContent-Type: application/scim+json\r\nETag: W/"1"\r\nLocation: /x\r\n')
    expect(text).toContain('\r\nContent-Length: 10\r\n')
    expect(text).not.toContain('X-Powered-By')
  })

  test.each([
    ['HEAD', 200],
    ['DELETE', 204],
    ['GET', 304],
  ])('to %s with %d has no body, and the connection stays open', async (method, status) => {
    handle = async () => reply(status, null, { ETag: 'W/"1"' })
    const text = await raw(head(method) + head(method))
    expect(text.split('HTTP/1.1 ')).toHaveLength(3)
    expect(text.endsWith('\r\n\r\n')).toBe(true)
    expect(text).not.toMatch(/transfer-encoding/i)
  })

  test.each(['keep-alive', 'close'])(
    'reaches a client that is still sending (Connection: %s; FP-H6)',
    async (connection) => {
      handle = async ({ body }) => reply((await body(limit)).kind === 'tooLarge' ? 413 : 200, '{"status":"413"}')
      for (const size of [2, 15].map((count) => count * megabyte)) {
        const post = head('POST', `Connection: ${connection}`, `Content-Length: ${size}`) + 'a'.repeat(size)
        const text = await raw(post, { quiet: 300 })
        expect(text).toMatch(/^HTTP\/1.1 413 /)
        expect(text.endsWith('\r\n\r\n{"status":"413"}')).toBe(true)
      }
    },
  )

  test('reaches a client whose body was not read', async () => {
    handle = async () => reply(401, '{"status":"401"}')
    const post = `${head('POST', `Content-Length: ${megabyte}`)}${'a'.repeat(megabyte)}`
    const text = await raw(post + post, { quiet: 500 })
    expect(text.match(/HTTP\/1.1 401/g)).toHaveLength(2)
  })

  test('is followed by the end of the connection if the client keeps sending', async () => {
    handle = async () => reply(413, '{}')
    const socket = connect(port(), '127.0.0.1').on('error', () => undefined)
    let received = ''
    socket.setEncoding('latin1').on('data', (part) => {
      received += part
    })
    socket.write(head('POST', `Content-Length: ${1_000 * megabyte}`))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const chunk = Buffer.alloc(megabyte, 'a')
    let sent = 0
    while (!socket.destroyed && sent < 1_000) {
      sent++
      if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
    }
    expect(received).toContain('HTTP/1.1 413')
    expect(sent).toBeLessThan(100)
  })

  test('is not written if other code has responded', async () => {
    before = (_req, res) => void res.writeHead(503).end()
    handle = async () => reply(200)
    expect(await raw(head('GET'))).toMatch(/^HTTP\/1.1 503/)
    await finished
  })

  test('that cannot be written closes the connection without other effects', async () => {
    handle = async () => reply(200, '{}', { Location: 'a\r\nSet-Cookie: b' })
    expect(await raw(head('GET'))).toBe('')
    await finished
  })
})

describe('a client that does not receive its response (larger than the kernel buffers)', () => {
  /** Sends a request, reads nothing, and returns whether the server closed the connection before the test ended. */
  async function askAndReadNothing(): Promise<{ readonly hungUp: Promise<void>; end(): void }> {
    const socket = connect(port(), '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    socket.pause()
    const hungUp = once(server, 'connection-over').then(() => undefined)
    socket.write(head('GET'))
    return { hungUp, end: () => socket.destroy() }
  }

  beforeEach(() => {
    server.on('connection', (socket) => socket.once('close', () => server.emit('connection-over')))
  })

  const large = 'a'.repeat(32 * megabyte)

  test('is disconnected if there are too many bytes of unread responses, the oldest first', async () => {
    answerLimits = { unreadAnswerBytes: 40 * megabyte }
    handle = async () => reply(200, large)
    const first = await askAndReadNothing()
    await sleep(100)
    expect(await connections()).toBe(1)
    const second = await askAndReadNothing()
    await first.hungUp
    expect(await connections()).toBe(1)
    second.end()
  })
})

const connections = (): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
