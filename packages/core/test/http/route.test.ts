/** Paths and methods: which are 200, 404, 405, 414 and 501. */
import { describe, expect, test } from '@jest/globals'
import { base, errorUrn, made, mount, serve, tenantsByToken, user } from '../support/server.js'

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
