import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from '@jest/globals'
import { bearerToken, createScim } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import {
  attack,
  bind,
  createAttackTarget,
  type Exchange,
  type ExchangeResponse,
  type HostileCase,
  hostileContract,
  hostileSet,
  viaHandler,
  viaHttp,
  withHeaders,
} from '@scimkit/testkit'
import { sendRaw } from '../support/raw-socket.js'
import { close, listen } from '../support/serve.js'

const token = 'a-token-of-32-characters-or-more-it-is'
const authorized = (exchange: Exchange): Exchange => withHeaders(exchange, { Authorization: `Bearer ${token}` })
const options = { authenticate: bearerToken(token) }

// The cases address existing resources, so these are created before the cases.
const inProcess = authorized(viaHandler(createScim({ ...options, provider: memoryProvider() }).handle))
const target = await createAttackTarget(inProcess)

describe('in process', () => {
  bind({ test }, hostileContract(target, inProcess, { inProcess: true }))
})

test('in a plain process, each within 50 ms', async () => {
  const [runner, script] = ['run-bundled.mjs', 'time-hostile.ts'].map((name) =>
    fileURLToPath(new URL(`../support/${name}`, import.meta.url)),
  )
  const { stdout } = await promisify(execFile)(process.execPath, [runner ?? '', script ?? ''])
  expect(JSON.parse(stdout)).toEqual([])
}, 300_000)

const { server, baseUrl } = await listen(options)
const http = viaHttp(baseUrl)
const overHttp = authorized(http)

afterAll(() => {
  http.close()
  close(server)
})

// Over HTTP each adapter runs the whole set in its own wire.test.ts.
describe('over a raw socket', () => {
  const { port } = new URL(baseUrl)
  const head = ['POST /scim/v2/Users HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${token}`]
  const request = (headers: readonly string[], body: string): string =>
    [...head, 'Content-Type: application/scim+json', ...headers, '', body].join('\r\n')
  const user = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"raw"}'
  const users = async (): Promise<string> =>
    (await overHttp({ method: 'GET', path: '/Users?filter=userName%20eq%20%22raw%22&attributes=userName' })).body

  test.each<[string, string, number]>([
    ['a length that is too small', request(['Content-Length: 5'], user), 400],
    ['a length beyond the limit, and no body', request(['Content-Length: 99999999'], ''), 413],
    ['a length beyond all numbers', request(['Content-Length: 99999999999999999999999'], ''), 400],
    ['a length of no kind', request(['Content-Length: five'], user), 400],
    ['two lengths', request(['Content-Length: 5', `Content-Length: ${user.length}`], user), 400],
    ['a length and chunks', request(['Content-Length: 5', 'Transfer-Encoding: chunked'], user), 400],
    ['chunks of no size', request(['Transfer-Encoding: chunked'], 'xyz\r\n'), 400],
    ['a header that is folded', request(['X-Folded: a', ' b', 'Content-Length: 0'], ''), 400],
    ['a header name with a blank', request(['X Blank: a', 'Content-Length: 0'], ''), 400],
    ['a NUL in a header', request(['If-Match: "a\u0000b"', 'Content-Length: 0'], ''), 400],
  ])('%s is refused', async (_, text, status) => {
    expect(await sendRaw(Number(port), text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(JSON.parse(await users())).toMatchObject({ totalResults: 0 })
  })

  test('a client that disconnects in the middle of a body leaves nothing behind', async () => {
    await sendRaw(Number(port), request([`Content-Length: ${user.length + 1}`], user), { hangUp: true })
    expect(JSON.parse(await users())).toMatchObject({ totalResults: 0 })
  })

  test('chunks beyond the limit are refused as they are received', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const answer = await sendRaw(Number(port), request(['Transfer-Encoding: chunked'], chunk.repeat(20)))
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })
})

test('all cases have different names, and the protected names have at least 200 spellings', () => {
  const ids = hostileSet(target).map(({ id }) => id)
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  expect(ids.filter((id) => /^(add|replace|remove) at /.test(id)).length).toBeGreaterThanOrEqual(200)
})

describe('the check of a response', () => {
  const hostile: HostileCase = { id: 'x', citation: 'x', request: { method: 'GET', path: '/x' }, statuses: [400] }
  const headers = { 'content-type': 'application/scim+json', 'x-content-type-options': 'nosniff' }
  const body = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","detail":"No."}'
  const good: ExchangeResponse = { status: 400, headers, body }
  const answering =
    (response: ExchangeResponse | Error, effect = (): void => {}): Exchange =>
    async ({ path }) => {
      if (path !== '/x') return { status: 200, headers: {}, body: store }
      effect()
      if (response instanceof Error) throw response
      return response
    }
  let store = 'as it was'

  test('accepts a correct refusal', async () => {
    expect(await attack(hostile, answering(good))).toEqual({ ok: true })
  })

  test.each<[string, Exchange, Partial<HostileCase>]>([
    ['another status', answering({ ...good, status: 401 }), {}],
    ['a 500', answering({ ...good, status: 500 }), {}],
    ['no response', answering(new Error('reset')), {}],
    ['an error page', answering({ ...good, body: '<h1>Bad Request</h1>' }), {}],
    ['another content type', answering({ ...good, headers: { ...headers, 'content-type': 'text/html' } }), {}],
    ['another status in the body', answering({ ...good, body: body.replace('400', '401') }), {}],
    ['an answer that may be sniffed', answering({ ...good, headers: { 'content-type': headers['content-type'] } }), {}],
    ['a stack trace', answering({ ...good, body: body.replace('No.', 'at parse (filter.js:12)') }), {}],
    ['an echo', answering({ ...good, body: body.replace('No.', 'evil') }), { notEchoed: 'evil' }],
    [
      'a change in spite of the refusal',
      answering(good, () => {
        store += '!'
      }),
      {},
    ],
    [
      'an answer that comes too late',
      answering(good, () => {
        const end = Date.now() + 15
        while (Date.now() < end);
      }),
      {},
    ],
  ])('rejects %s', async (_, exchange, changes) => {
    expect(await attack({ ...hostile, ...changes }, exchange, { within: 10 })).toMatchObject({ ok: false })
  })

  test('rejects a changed prototype', async () => {
    const polluting = answering(good, () => Object.assign(Object.prototype, { polluted: true }))
    try {
      expect(await attack(hostile, polluting)).toEqual({ ok: false, why: 'a prototype was changed' })
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted')
    }
  })
})
