/** Authentication of requests, and the separation of tenants. */
import { describe, expect, jest, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { bearerToken, createScim, scimError, tenantId } from '../../src/index.js'
import { core, errorUrn, mount, requestOf, serve, tenantsByToken, user } from '../support/server.js'

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
