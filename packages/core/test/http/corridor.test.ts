/** Decisions before and beside the resources: addresses, methods, media types, sizes, base URL, authentication. */
import { describe, expect, jest, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { RequestBody } from '../../src/http/adapter-interface.js'
import { bearerToken, createScim, scimError, tenantId } from '../../src/index.js'
import {
  type Asked,
  base,
  core,
  errorUrn,
  made,
  mount,
  patchOp,
  requestOf,
  serve,
  tenantsByToken,
  user,
} from '../support/server.js'

const statusOf = async (target: string, method = 'GET') =>
  (await serve().ask({ method, target, ...(method !== 'GET' && { body: {} }) })).status

describe('addresses (SEC-17)', () => {
  test.each([
    `${mount}/Users`,
    `${mount}/Users/`,
    `${mount}/Users?`,
    `${mount}/Users/?`,
    `${mount}/Users?filter=`,
    `${mount}/Users/?count=1&`,
    `${mount}/Users?&&count=1`,
    `${mount}/Users?aadOptscim062020`,
    `${mount}/Users?unknown=1&x=`,
    `${mount}/Users?unknown=1&unknown=2&%zz=%`,
    `${mount}/%55sers`,
    `${mount}//Users`,
    `${mount}//Users/`,
    `${mount}//Users?count=1`,
    `${mount}/Users?count=1&startIndex=1&filter=userName%20eq%20%22a%22`,
    `${mount}/Users?filter=userName+eq+%22a+b%22`,
  ])('%s is 200 (IDP-29)', async (target) => {
    expect(await statusOf(target)).toBe(200)
  })

  test.each([
    '/',
    '',
    '/scim',
    '/scim/v2x/Users',
    '/Users',
    '/scim/v3/Users',
    '//scim/v2/Users',
    '/SCIM/v2/Users',
    '/sc%69m/v2/Users',
    '/./scim/v2/Users',
    '/x/../scim/v2/Users',
    `${mount}Users`,
    `${mount}//`,
    `${mount}///Users`,
    `${mount}//Users//x`,
    `${mount}/%2FUsers`,
    `${mount}//../Users`,
    `${mount}/Users//`,
    `${mount}/Users//x`,
    `${mount}/./Users`,
    `${mount}/%2e/Users`,
    `${mount}/Groups/../Users`,
    `${mount}/Groups/%2e%2e/Users`,
    `${mount}/Users/..`,
    `${mount}/Users/%2E%2E`,
    `${mount}/Users/.`,
    `${mount}%2FUsers`,
    `${mount}/Users%2Fx`,
    `${mount}/Users%2fx`,
    `${mount}/Users/a%2Fb`,
    `${mount}/Users/a%5Cb`,
    `${mount}/Users\\x`,
    `${mount}/Users;x=1`,
    `${mount}/Users/x;y`,
    `${mount}/Users/x%00`,
    `${mount}/Users/x%0d%0aSet-Cookie:%20a`,
    `${mount}/Users/%7f`,
    `${mount}/Users/%`,
    `${mount}/Users/%zz`,
    `${mount}/Users/%c0%ae`,
    `${mount}/Users/%ff`,
    `${mount}/users`,
    `${mount}/USERS`,
    `${mount}/User`,
    `${mount}/Users.json`,
    `${mount}/Users/x/y`,
    `${mount}/Users/.search/x`,
    `${mount}/__proto__`,
    `${mount}/constructor`,
    `${mount}/toString`,
    `${mount}/Users/__proto__`,
  ])('%s is 404', async (target) => {
    const { status, json } = await serve().ask({ target })
    expect(status).toBe(404)
    // Always the same text: it reveals nothing.
    expect(json).toEqual({ schemas: [errorUrn], detail: 'No such resource.', status: '404' })
  })

  test.each(['/x/../scim/v2', '/./scim', '/%2e/scim', '/sc%69m', '//scim', '/scim/', '/a;b', '/a%2Fb'])(
    'a mount of %s is 404, with every path below it',
    async (odd) => {
      expect((await serve().ask({ target: `${odd}/Users`, mount: odd })).status).toBe(404)
    },
  )

  test.each([`${mount}/Users?count=%`, `${mount}/Users?filter=%zz`, `${mount}/Users?count=1&count=2`])(
    '%s is 400',
    async (target) => {
      expect(await statusOf(target)).toBe(400)
    },
  )

  test('ids are decoded once, and written into locations encoded', async () => {
    const ids = ['a b', 'a%2Fb', 'é', 'x?y#z', '<script>', 'a:b@c']
    for (const id of ids) {
      const server = serve({ ports: { newId: () => id } })
      const { headers } = await server.post('/Users', user('b'))
      expect(headers.Location).toBe(`${base}/Users/${encodeURIComponent(id)}`)
      const path = String(headers.Location).slice(base.length)
      if (!id.includes('%')) expect(await server.get(path)).toMatchObject({ status: 200, json: { id } })
      expect(headers.Location).not.toMatch(/[\r\n<>]/)
    }
  })

  test('path parameters are not part of an id: 404 even for an existing id (SEC-17)', async () => {
    const server = serve({ ports: { newId: () => 'a;b' } })
    await server.post('/Users', user('b'))
    expect((await server.get('/Users/a%3Bb')).status).toBe(200)
    for (const place of ['/Users/a;b', '/Users/a%3Bb;c', '/Users;c/a%3Bb']) {
      expect((await server.get(place)).status).toBe(404)
    }
  })

  test.each([
    [`https://scim.example${mount}/Users`, 200],
    [`HTTP://scim.example:80${mount}/Users?count=1`, 200],
    ['https://scim.example', 404],
    [`https://scim.example/other/Users`, 404],
    [`ftp://scim.example${mount}/Users`, 404],
  ])('the absolute form %s: %d (RFC 9112 §3.2.2)', async (target, expected) => {
    expect(await statusOf(target)).toBe(expected)
  })

  test('16,384 characters of target, one more is 414', async () => {
    const target = (length: number) => `${mount}/Users?x=${'y'.repeat(length - `${mount}/Users?x=`.length)}`
    expect(await statusOf(target(16_384))).toBe(200)
    expect(await statusOf(target(16_385))).toBe(414)
  })

  test('the mount may be empty', async () => {
    const server = serve()
    for (const target of ['/Users', '/Users/', '/Schemas']) {
      expect((await server.ask({ mount: '', target })).status).toBe(200)
    }
    expect((await server.ask({ mount: '', target: '//Users' })).status).toBe(200)
    expect((await server.ask({ mount: '', target: 'http://scim.example//Users' })).status).toBe(200)
    expect((await server.ask({ mount: '', target: '//scim.example/Users' })).status).toBe(404)
  })

  test('an empty first segment is left out as the caller’s switches say, and locations are the usual ones', async () => {
    const accesses = { lenient: {}, entra: { interop: 'entra' }, strict: { interop: 'strict' } } as const
    const server = serve({ authenticate: tenantsByToken(accesses) })
    for (const [name, status] of [
      ['lenient', 201],
      ['entra', 201],
      ['strict', 404],
    ] as const) {
      const answer = await server.post('//Users', user('a'), { authorization: `Bearer ${name}` })
      expect([name, answer.status]).toEqual([name, status])
      if (status === 201) expect(answer.headers.Location).toBe(`${base}/Users/${answer.json.id}`)
    }
  })

  test('/Me is 501 where the host has no policy for /Me', async () => {
    const answer = await serve().ask({ target: `${mount}/Me` })
    expect(answer).toMatchObject({ status: 501, json: { schemas: [errorUrn], status: '501' } })
  })
})

describe('Content-Encoding (RFC 9110 §15.5.16)', () => {
  const bytes = new TextEncoder().encode(JSON.stringify(user('a')))
  const posting = (body: RequestBody, bodyDecoded?: boolean) => {
    const request = requestOf({
      method: 'POST',
      target: `${mount}/Users`,
      headers: { 'content-type': 'application/scim+json', 'content-encoding': 'gzip' },
      body,
    })
    return { ...request, ...(bodyDecoded !== undefined && { bodyDecoded }) }
  }

  test.each<[string, RequestBody, boolean | undefined, number, number]>([
    ['bytes as they were sent', { kind: 'bytes', bytes }, false, 415, 0],
    ['bytes without a statement of the adapter', { kind: 'bytes', bytes }, undefined, 415, 1],
    ['bytes that a parser has decoded', { kind: 'bytes', bytes }, true, 201, 1],
    ['the result of a parser', { kind: 'parsed', value: user('a') }, true, 201, 1],
    [
      'the result of a parser, without a statement of the adapter',
      { kind: 'parsed', value: user('a') },
      undefined,
      201,
      1,
    ],
    ['too many bytes', { kind: 'tooLarge' }, undefined, 413, 1],
  ])('%s', async (_, body, decoded, status, reads) => {
    const request = posting(body, decoded)
    const answer = await serve().scim.handle(request)
    expect([answer.status, request.bodyReads()]).toEqual([status, reads])
    expect(answer.headers['Accept-Encoding']).toBe(status === 415 ? 'identity' : undefined)
    expect(answer.headers['Accept-Patch']).toBeUndefined()
  })

  test('a PATCH response names the supported media types, early or late', async () => {
    const server = serve()
    const { path } = await made(server, user('b'))
    for (const decoded of [false, undefined]) {
      const request = { ...posting({ kind: 'bytes', bytes }, decoded), method: 'PATCH', target: `${mount}${path}` }
      const { status, headers } = await server.scim.handle(request)
      expect([status, headers['Accept-Patch']]).toEqual([415, 'application/scim+json, application/json'])
    }
  })
})

describe('methods: 405 with Allow (RFC 9110 §15.5.6)', () => {
  test.each([
    ['/Users', ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'get', 'FOO'], 'GET, HEAD, POST'],
    ['/Users/x', ['POST', 'OPTIONS', 'TRACE', 'put'], 'GET, HEAD, PUT, PATCH, DELETE'],
    ['/Users/.search', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'], 'POST'],
    ['/Bulk', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'post'], 'POST'],
  ])('%s', async (place, methods, allow) => {
    for (const method of methods) {
      const { status, headers } = await serve().ask({ method, target: `${mount}${place}`, body: {} })
      expect({ method, status, allow: headers.Allow }).toEqual({ method, status: 405, allow })
    }
  })

  test('no override headers', async () => {
    const server = serve()
    const { path } = await made(server, user('b'))
    const headers = { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE', 'x-method-override': 'DELETE' }
    expect((await server.get(path, headers)).status).toBe(200)
    expect((await server.get(`${path}?_method=DELETE`)).status).toBe(200)
    expect((await server.get(path)).status).toBe(200)
  })

  test('HEAD is GET without body, with the same headers (RFC 9110 §9.3.2)', async () => {
    const server = serve()
    const { path } = await made(server, user('b'))
    for (const target of [path, '/Users', '/Schemas', '/Users/none', '/Users?count=x']) {
      const get = await server.get(target)
      const head = await server.ask({ method: 'HEAD', target: `${mount}${target}` })
      expect(head).toEqual({ ...get, text: null, json: {} })
    }
  })
})

describe('responses (RFC 7644 §3.1, §8.1; RFC 9110 §12.5.1)', () => {
  const scim = 'application/scim+json'
  const json = 'application/json'
  test.each<[string | undefined, string | 406]>([
    [undefined, scim],
    ['', scim],
    ['*/*', scim],
    [scim, scim],
    [json, json],
    ['APPLICATION/JSON', json],
    [`${scim}, ${json}`, scim],
    [`${json}, ${scim}`, scim],
    [`${scim};q=0.5, ${json}`, json],
    [`${scim};q=0.5, ${json};q=0.5`, scim],
    [`${json}; charset=utf-8`, json],
    ['application/*', scim],
    ['text/html, */*;q=0.1', scim],
    [`${scim};q=0, */*`, json],
    [`${scim};q=0, ${json};q=0, */*`, 406],
    ['text/html', 406],
    ['text/*', 406],
    ['*/*;q=0', 406],
    ['application/xml, text/plain', 406],
    ['nonsense', 406],
    [`${scim};q=nonsense`, 406],
    [`${'x/y,'.repeat(1_000)}${scim}`, 406],
  ])('Accept %.40s: %s', async (accept, expected) => {
    const { status, headers } = await serve().get('/Users', accept === undefined ? {} : { accept })
    expect(status).toBe(expected === 406 ? 406 : 200)
    expect(headers['Content-Type']).toBe(expected === 406 ? scim : expected)
  })

  test('errors have the requested media type too; Entra rejects any type but scim+json by default', async () => {
    expect((await serve().get('/Users/none')).headers['Content-Type']).toBe(scim)
    expect((await serve().get('/Users/none', { accept: json })).headers['Content-Type']).toBe(json)
    expect((await serve({ authenticate: () => undefined }).get('/Users')).headers['Content-Type']).toBe(scim)
  })

  test('every response has nosniff, Vary and a Cache-Control, and nothing of the request in them', async () => {
    const server = serve()
    const { path, tag } = await made(server, user('b'))
    const answers = [
      await server.get('/Users'),
      await server.get('/Users/<b>'),
      await server.get(path, { 'if-none-match': tag }),
      await server.get(path, { 'if-match': 'W/"x"' }),
      await server.put(path, user('b')),
      await server.del(path),
      await server.get('/Users', { accept: 'text/html' }),
      await server.ask({ method: 'PUT', target: `${mount}/Users`, body: {} }),
    ]
    for (const { status, headers } of answers) {
      expect(headers).toMatchObject({ Vary: 'Accept, Authorization', 'X-Content-Type-Options': 'nosniff' })
      const stored = status === 200 || status === 304
      expect(headers['Cache-Control']).toBe(stored ? 'private, no-cache' : 'no-store')
    }
  })
})

describe('request bodies', () => {
  const put = async (contentType: string | undefined, interop: 'lenient' | 'strict' = 'lenient') => {
    const request = requestOf({ method: 'POST', target: `${mount}/Users`, body: user('b') })
    const header = (name: string) => (name === 'content-type' ? contentType : request.header(name))
    return (await serve({ interop }).scim.handle({ ...request, header })).status
  }
  test.each([
    'application/scim+json',
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/scim+json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json; odata=verbose; charset=utf-8',
  ])('Content-Type %s is accepted', async (contentType) => {
    expect(await put(contentType)).toBe(201)
    expect(await put(contentType, 'strict')).toBe(201)
  })
  test.each([
    'text/plain',
    'text/json',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    'application/jsonx',
    'json',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    ';',
  ])('Content-Type %s is 415', async (contentType) => {
    expect(await put(contentType)).toBe(415)
  })
  test.each([undefined, ''])('Content-Type %j: accepted in lenient, 415 in strict', async (contentType) => {
    expect(await put(contentType)).toBe(201)
    expect(await put(contentType, 'strict')).toBe(415)
  })
  test('415 names the supported media types (RFC 9110 §15.5.16)', async () => {
    const { headers } = await serve().post('/Users', {}, { 'content-type': 'text/plain' })
    expect(headers.Accept).toBe('application/scim+json, application/json')
  })
  test('a GET or DELETE needs no Content-Type', async () => {
    const server = serve()
    const { path } = await made(server, user('b'))
    expect((await server.get(path, { 'content-type': 'text/plain' })).status).toBe(200)
    expect((await server.del(path, { 'content-type': 'text/plain' })).status).toBe(204)
  })

  test('413 by Content-Length before anything is read, by count after', async () => {
    const server = serve({ limits: { bodyBytes: 100 } })
    const body = user('b', { title: 'x'.repeat(100) })
    const told = requestOf({ method: 'POST', target: `${mount}/Users`, body, headers: { 'content-length': '101' } })
    expect((await server.scim.handle(told)).status).toBe(413)
    expect(told.bodyReads()).toBe(0)
    const untold = requestOf({ method: 'POST', target: `${mount}/Users`, body })
    expect((await server.scim.handle(untold)).status).toBe(413)
    expect(untold.bodyReads()).toBe(1)
    const small = requestOf({
      method: 'POST',
      target: `${mount}/Users`,
      body: user('b'),
      headers: { 'content-length': '100' },
    })
    expect((await server.scim.handle(small)).status).toBe(201)
  })

  test('a body is read once, and only when its turn comes', async () => {
    const server = serve()
    const { path } = await made(server, user('b'))
    const reads = async (method: string, target: string, headers = {}) => {
      const request = requestOf({ method, target: `${mount}${target}`, body: user('b', { title: 'T' }), headers })
      await server.scim.handle(request)
      return request.bodyReads()
    }
    expect(await reads('PUT', path)).toBe(1)
    expect(await reads('PUT', '/Users/none')).toBe(0)
    expect(await reads('PUT', path, { 'if-match': 'W/"x"' })).toBe(0)
    expect(await reads('PUT', '/nowhere')).toBe(0)
    expect(await reads('GET', path)).toBe(0)
    expect(await reads('DELETE', path)).toBe(0)
    expect(await reads('POST', '/Users', { 'if-match': 'W/"x"' })).toBe(0)
  })

  test.each(['', '{', 'null', '[]', '"x"', '{"a":1}{"b":2}', '\ufeff{', '{"userName":"a","userName":"b"}'])(
    'a body of %j is 400 (SEC-8)',
    async (text) => {
      const answer = await serve().ask({
        method: 'POST',
        target: `${mount}/Users`,
        body: new TextEncoder().encode(text),
      })
      expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidSyntax', status: '400' } })
    },
  )

  test('a body that a parser mounted before the adapter has read is accepted as it is, under the same rules', async () => {
    const server = serve()
    const parsed = (value: unknown) =>
      server.ask({ method: 'POST', target: `${mount}/Users`, body: { kind: 'parsed', value } })
    expect((await parsed(user('b'))).status).toBe(201)
    expect((await parsed(undefined)).status).toBe(400)
    expect((await parsed('text')).status).toBe(400)
    expect((await parsed(JSON.parse(`{"schemas":["${core}"],"userName":"c","__proto__":{"x":1}}`))).status).toBe(400)
  })
})

describe('the base URL (ADR 12)', () => {
  const locationOf = async (server: ReturnType<typeof serve>, asked: Asked = {}, headers = {}) =>
    (await server.ask({ method: 'POST', target: `${mount}/Users`, body: user('b'), ...asked, headers })).headers
      .Location

  test.each([
    ['app.example', 'https://app.example'],
    ['app.example:8443', 'https://app.example:8443'],
    ['127.0.0.1:3000', 'https://127.0.0.1:3000'],
    ['[::1]:3000', 'https://[::1]:3000'],
    ['xn--bcher-kva.example', 'https://xn--bcher-kva.example'],
  ])('Host %s', async (host, origin) => {
    expect(await locationOf(serve(), { host })).toBe(`${origin}${mount}/Users/id-2`)
  })

  test.each([
    undefined,
    '',
    ':3000',
    'a b',
    'a/b',
    'a\\b',
    'user@host',
    'a?b',
    'a#b',
    'a\r\nX: y',
    'a"b',
    '<b>',
    'a:99999',
    'a:x',
    'a:',
    '[::1',
    '[]',
    '[::1]x',
    'a,b',
    'é.example',
    'x'.repeat(256),
    '.',
    '..',
    'a..b',
    '256.1.1.1',
    '[:::]',
  ])('Host %j is 400, and nothing is written', async (host) => {
    const server = serve()
    const answer = await server.ask({ method: 'POST', target: `${mount}/Users`, body: user('b'), host })
    expect(answer.status).toBe(400)
    expect((await server.get('/Users')).json.totalResults).toBe(0)
  })

  test('X-Forwarded-* count only with trustProxy', async () => {
    const headers = {
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'public.example, inner.example',
      'x-forwarded-prefix': '/tenant-a/',
    }
    expect(await locationOf(serve(), {}, headers)).toBe(`${base}/Users/id-2`)
    expect(await locationOf(serve({ trustProxy: true }), {}, headers)).toBe(
      `http://inner.example/tenant-a${mount}/Users/id-2`,
    )
    expect(await locationOf(serve({ trustProxy: 2 }), {}, headers)).toBe(
      `http://public.example/tenant-a${mount}/Users/id-2`,
    )
    expect(await locationOf(serve({ trustProxy: 0 }), {}, headers)).toBe(`${base}/Users/id-2`)
    expect(await locationOf(serve({ trustProxy: true }), {})).toBe(`${base}/Users/id-2`)
  })

  test.each([
    ['x-forwarded-proto', 'javascript'],
    ['x-forwarded-proto', 'https://x'],
    ['x-forwarded-host', 'evil.example/path'],
    ['x-forwarded-host', 'a b'],
    ['x-forwarded-prefix', '//evil.example'],
    ['x-forwarded-prefix', 'evil'],
    ['x-forwarded-prefix', '/a?b'],
    ['x-forwarded-prefix', '/a"b'],
    ['x-forwarded-prefix', '/a//b'],
    ['x-forwarded-prefix', '/a/./b'],
    ['x-forwarded-prefix', '/a/%2e%2e/b'],
    ['x-forwarded-prefix', '/%61'],
    ['x-forwarded-prefix', '/a%2Fb'],
    ['x-forwarded-prefix', '/a%'],
    ['x-forwarded-host', '..'],
  ])('%s: %s is 400 with trustProxy', async (name, value) => {
    const server = serve({ trustProxy: true })
    expect((await server.get('/Users', { [name]: value })).status).toBe(400)
    expect((await serve().get('/Users', { [name]: value })).status).toBe(200)
  })

  test.each([-1, 1.5, Number.NaN, '2'])('trustProxy: %j is refused at start', (trustProxy) => {
    expect(() => serve({ trustProxy: trustProxy as number })).toThrow(/options\.trustProxy/)
  })

  test('the host of a target in absolute form counts, and the Host header is ignored', async () => {
    for (const host of ['other.example', 'no host', undefined]) {
      const target = `http://scim.example:8080${mount}/Users`
      expect(await locationOf(serve(), { target, host })).toBe(`https://scim.example:8080${mount}/Users/id-2`)
    }
    const answer = await serve().ask({ target: `http://user@scim.example${mount}/Users` })
    expect(answer.status).toBe(400)
  })

  test('a host that is not listed is 421 before anything else is checked', async () => {
    const server = serve({ hosts: ['scim.example'] })
    expect((await server.get('/Users')).status).toBe(200)
    const asked = { target: `${mount}/Users`, host: 'evil.example' }
    expect(await server.ask(asked)).toMatchObject({ status: 421, json: { schemas: [errorUrn], status: '421' } })
    const closed = serve({ hosts: ['scim.example'], authenticate: () => undefined })
    expect((await closed.ask(asked)).status).toBe(421)
    // An absolute URL of the host's own does not open it.
    expect((await serve({ hosts: ['scim.example'], baseUrl: 'https://app.example' }).ask(asked)).status).toBe(421)
  })

  test('behind a trusted proxy the host of the request to the proxy is checked', async () => {
    const server = serve({ hosts: ['scim.example'], trustProxy: true })
    const asked = { target: `${mount}/Users`, host: 'internal' }
    const status = async (headers: Readonly<Record<string, string>>) => (await server.ask({ ...asked, headers })).status
    expect(await status({})).toBe(421)
    expect(await status({ 'x-forwarded-host': 'scim.example' })).toBe(200)
    expect(await status({ 'x-forwarded-host': 'scim.example, evil.example' })).toBe(421)
    expect(await status({ 'x-forwarded-host': 'evil.example, scim.example' })).toBe(200)
  })

  test('baseUrl takes precedence over Host and proxies; the baseUrl of an access over both', async () => {
    const server = serve({ baseUrl: 'https://fixed.example/scim/', trustProxy: true })
    expect(await locationOf(server, { host: 'x y' }, { 'x-forwarded-host': 'other' })).toBe(
      'https://fixed.example/scim/Users/id-2',
    )
    const authenticate = () => ({ tenant: tenantId('t'), baseUrl: 'https://t.example/scim' })
    expect(await locationOf(serve({ authenticate, baseUrl: 'https://fixed.example' }))).toBe(
      'https://t.example/scim/Users/id-2',
    )
  })

  test('it is never stored: the same user from another host', async () => {
    const server = serve()
    const { path, tag } = await made(server, user('b'))
    const answer = await server.ask({ target: `${mount}${path}`, host: 'other.example' })
    expect(answer.json.meta).toMatchObject({ location: `https://other.example${mount}${path}`, version: tag })
  })

  test.each(['scim.example', 'ftp://x', 'https://', 'https://x?y', 'https://x#y', ''])(
    'a baseUrl of %j is refused at start',
    (baseUrl) => {
      expect(() => serve({ baseUrl })).toThrow(TypeError)
    },
  )
})

describe('authentication (SEC-5, SEC-7, SEC-18)', () => {
  test('without an authenticator every request is 401', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    try {
      const scim = createScim({ provider: memoryProvider() })
      for (let i = 0; i < 2; i++) {
        const answer = await scim.handle(requestOf({ target: `${mount}/Users` }))
        expect(answer).toMatchObject({ status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="SCIM"' } })
        expect(JSON.parse(answer.body ?? '')).toMatchObject({ schemas: [errorUrn], status: '401' })
      }
      // The operator is warned once; the client does not learn how the server is set up.
      expect(warn).toHaveBeenCalledTimes(1)
    } finally {
      warn.mockRestore()
    }
  })

  const token = 'abcdefghijklmnopqrstuvwxyz-0123456789._~+/=='
  test.each<[string | undefined, boolean]>([
    [`Bearer ${token}`, true],
    [`bearer ${token}`, true],
    [`BEARER   ${token}`, true],
    [undefined, false],
    ['', false],
    ['Bearer', false],
    ['Bearer ', false],
    [`Bearer${token}`, false],
    [token, false],
    [`Basic ${token}`, false],
    [`Bearer ${token} `, false],
    [`Bearer ${token},x`, false],
    [`Bearer "${token}"`, false],
    [`Bearer ${token}=`, false],
    [`Bearer ${token.toUpperCase()}`, false],
    [`Bearer ${token}\n`, false],
    [` Bearer ${token}`, false],
    [`Bearer\t${token}`, false],
    [`Bearer x, Bearer ${token}`, false],
  ])('Authorization %j: %s', async (authorization, lets) => {
    const server = serve({ authenticate: bearerToken(token) })
    const { status, headers } = await server.get('/Users', authorization === undefined ? {} : { authorization })
    expect(status).toBe(lets ? 200 : 401)
    if (lets) return
    const wrong = authorization === undefined ? '' : ', error="invalid_token"'
    expect(headers['WWW-Authenticate']).toBe(`Bearer realm="SCIM"${wrong}`)
  })

  test('401 comes before any other error: no 404, 405, 406, 415, 501', async () => {
    const server = serve({ authenticate: () => undefined })
    for (const [method, target] of [
      ['GET', '/nowhere'],
      ['PUT', '/Users'],
      ['POST', '/Bulk'],
      ['POST', '/Users'],
    ] as const) {
      const headers = { accept: 'text/html', 'content-type': 'text/plain' }
      expect((await server.ask({ method, target: `${mount}${target}`, headers, body: {} })).status).toBe(401)
    }
  })

  test('a scheme other than Bearer is named in the challenge', async () => {
    const schemes = [{ type: 'httpbasic', name: 'Basic', description: 'Basic' } as const]
    const server = serve({ authenticate: Object.assign(() => undefined, { schemes }) })
    expect((await server.get('/Users')).headers['WWW-Authenticate']).toBe('Basic realm="SCIM", charset="UTF-8"')
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no tenant', {}],
    ['an undefined tenant', { tenant: undefined }],
    ['a null tenant', { tenant: null }],
    ['an empty tenant', { tenant: '' }],
    ['a tenant that is not a text', { tenant: 1 }],
    ['true', true],
    ['text', 'tenant'],
  ])('an authenticator that returns %s rejects the request', async (_title, access) => {
    const server = serve({ authenticate: () => access as never })
    expect((await server.get('/Users')).status).toBe(401)
  })

  test('an authenticator that fails is 500; one that refuses decides its own error', async () => {
    const failing = serve({ authenticate: () => Promise.reject(new Error('the directory is down')) })
    expect((await failing.get('/Users')).status).toBe(500)
    expect(failing.errors).toMatchObject([{ message: 'the directory is down' }])
    const refusing = serve({
      authenticate: () => {
        throw scimError.forbidden('Not from here.')
      },
    })
    expect(await refusing.get('/Users')).toMatchObject({ status: 403, json: { detail: 'Not from here.' } })
  })

  test('it sees the native request', async () => {
    const seen: unknown[] = []
    const server = serve({
      authenticate: (_request, native) => {
        seen.push(native)
        return { tenant: tenantId('t') }
      },
    })
    await server.ask({ target: `${mount}/Users`, native: { a: 1 } })
    expect(seen).toEqual([{ a: 1 }])
  })

  test('tenants are separate: a resource of another is 404, and its name is free', async () => {
    const server = serve({ authenticate: tenantsByToken({ a: {}, b: {} }) })
    const a = { authorization: 'Bearer a' }
    const b = { authorization: 'Bearer b' }
    const { json, headers } = await server.post('/Users', user('bjensen'), a)
    const path = `/Users/${String(json.id)}`
    const missing = (await server.get('/Users/none', b)).text
    for (const answer of [
      await server.get(path, b),
      await server.put(path, user('x'), b),
      await server.patch(path, [{ op: 'remove', path: 'title' }], b),
      await server.del(path, { ...b, 'if-match': headers.ETag ?? '' }),
      await server.get(path, { ...b, 'if-none-match': headers.ETag ?? '' }),
    ]) {
      expect(answer).toMatchObject({ status: 404, text: missing })
      expect(answer.headers).not.toHaveProperty('ETag')
    }
    expect((await server.get('/Users', b)).json.totalResults).toBe(0)
    expect((await server.get('/Users?filter=userName%20eq%20%22bjensen%22', b)).json.totalResults).toBe(0)
    expect((await server.post('/Users', user('bjensen'), b)).status).toBe(201)
    expect((await server.get(path, a)).status).toBe(200)
  })

  test('a caller may have interop switches of its own', async () => {
    const server = serve({ authenticate: tenantsByToken({ a: { interop: 'strict' }, b: {} }) })
    const body = { schemas: [core], userName: 'x', active: 'True' }
    expect((await server.post('/Users', body, { authorization: 'Bearer a' })).status).toBe(400)
    expect((await server.post('/Users', body, { authorization: 'Bearer b' })).status).toBe(201)
  })
})

describe('error bodies (RFC 7644 §3.12)', () => {
  test('schemas, status as text, scimType where there is one, detail without any input', async () => {
    const server = serve()
    const evil = '<script>alert(1)</script>'
    const { path } = await made(server, user('b'))
    const answers = [
      await server.get(`/Users?filter=${encodeURIComponent(evil)}`),
      await server.get(`/Users?sortOrder=${encodeURIComponent(evil)}`),
      await server.get(`/Users?count=${encodeURIComponent(evil)}`),
      await server.post('/Users', user('c', { active: evil })),
      await server.post('/Users', { schemas: [evil] }),
      await server.patch(path, [{ op: evil }]),
      await server.patch(path, [{ op: 'add', path: evil, value: 1 }]),
      await server.patch(path, [{ op: 'replace', path: `emails[type eq "${evil}"].value`, value: 1 }]),
      await server.get(path, { 'if-match': evil }),
      await server.ask({ method: evil, target: `${mount}/Users` }),
      await server.get(`/${encodeURIComponent(evil)}`),
      await server.get('/Users', { accept: evil }),
    ]
    for (const { status, json, text } of answers) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
      expect(Object.keys(json).sort()).toEqual(
        'scimType' in json ? ['detail', 'schemas', 'scimType', 'status'] : ['detail', 'schemas', 'status'],
      )
      expect(json).toMatchObject({ schemas: [errorUrn], status: String(status), detail: expect.stringMatching(/./) })
      expect(text).not.toContain('script')
    }
  })

  test('a PATCH message in a POST, and a resource in a PATCH, are 400', async () => {
    const server = serve()
    const { path } = await made(server, user('b'))
    expect((await server.post('/Users', { schemas: [patchOp], Operations: [] })).status).toBe(400)
    expect((await server.ask({ method: 'PATCH', target: `${mount}${path}`, body: user('b') })).status).toBe(400)
  })
})
