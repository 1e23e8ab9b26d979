/** The base URL of locations: from `Host`, proxies, or options. */
import { describe, expect, test } from '@jest/globals'
import { tenantId } from '../../../src/index.js'
import { type Asked, base, errorUrn, made, mount, serve, user } from '../../support/server.js'

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
