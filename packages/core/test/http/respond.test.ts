/** The media type and headers of responses, and the bodies of errors. */
import { describe, expect, test } from '@jest/globals'
import { errorUrn, made, mount, patchOp, serve, user } from '../support/server.js'

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
