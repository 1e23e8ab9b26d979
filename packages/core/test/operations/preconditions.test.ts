/** Preconditions of requests, and the errors that come before and after them. @see RFC 9110 §13 */
import { describe, expect, test } from '@jest/globals'
import { base, errorUrn, made, mount, serve, user } from '../support/server.js'
import { stale } from './support/tags.js'

describe('preconditions (RFC 9110 §13; FP-V8)', () => {
  const other = 'W/"8-x"'
  const reads: readonly [string, Record<string, string>, number][] = [
    ['If-None-Match: the tag', { 'if-none-match': 'TAG' }, 304],
    ['If-None-Match: the tag, strong (weak comparison, §13.1.2)', { 'if-none-match': 'STRONG' }, 304],
    ['If-None-Match: in a list', { 'if-none-match': `${other}, TAG` }, 304],
    ['If-None-Match: *', { 'if-none-match': '*' }, 304],
    ['If-None-Match: another', { 'if-none-match': other }, 200],
    ['If-Match: the tag', { 'if-match': 'TAG' }, 200],
    ['If-Match: *', { 'if-match': '*' }, 200],
    ['If-Match: another', { 'if-match': other }, 412],
    ['If-Match goes first (§13.2.2)', { 'if-match': other, 'if-none-match': 'TAG' }, 412],
    ['both hold or not', { 'if-match': 'TAG', 'if-none-match': 'TAG' }, 304],
    ['If-Match: garbage', { 'if-match': 'TAG TAG' }, 400],
    ['If-None-Match: garbage', { 'if-none-match': 'nonsense' }, 400],
    ['dates are ignored', { 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' }, 200],
    ['dates are ignored', { 'if-unmodified-since': 'Fri, 01 Jan 1999 00:00:00 GMT' }, 200],
  ]
  const filled = (headers: Record<string, string>, tag: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replaceAll('TAG', tag).replaceAll('STRONG', tag.slice(2)),
      ]),
    )

  test.each(reads)('GET and HEAD, %s: %s', async (_title, headers, expected) => {
    const server = serve()
    const { path, tag } = await made(server, user('bjensen'))
    for (const method of ['GET', 'HEAD']) {
      const answer = await server.ask({ method, target: `${mount}${path}`, headers: filled(headers, tag) })
      expect(answer.status).toBe(expected)
      if (expected === 304 || method === 'HEAD') expect(answer.text).toBeNull()
      if (expected !== 400) expect(answer.headers.ETag).toBe(tag)
      if (expected === 304) {
        expect(answer.headers).toEqual({
          'Cache-Control': 'private, no-cache',
          'Content-Location': `${base}${path}`,
          ETag: tag,
          Vary: 'Accept, Authorization',
          'X-Content-Type-Options': 'nosniff',
        })
      }
    }
  })

  const conditions: readonly [string, Record<string, string>, boolean | 400][] = [
    ['none', {}, true],
    ['If-Match: the tag', { 'if-match': 'TAG' }, true],
    ['If-Match: the tag, strong', { 'if-match': 'STRONG' }, true],
    ['If-Match: in a list', { 'if-match': `${other},, TAG` }, true],
    ['If-Match: *', { 'if-match': '*' }, true],
    ['If-Match: another', { 'if-match': other }, false],
    ['If-Match: a well-formed tag that no resource has', { 'if-match': '""' }, false],
    ['If-None-Match: another', { 'if-none-match': other }, true],
    ['If-None-Match: the tag', { 'if-none-match': 'TAG' }, false],
    ['If-None-Match: *', { 'if-none-match': '*' }, false],
    ['If-Match and If-None-Match', { 'if-match': 'TAG', 'if-none-match': other }, true],
    ['If-Match: garbage', { 'if-match': 'nonsense' }, 400],
    ['If-Match: empty', { 'if-match': '' }, 400],
    ['If-None-Match: garbage', { 'if-none-match': '*, *' }, 400],
  ]
  test.each(conditions)('PUT, PATCH, DELETE, %s', async (_title, headers, expected) => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const server = serve()
      const { path, tag } = await made(server, user('bjensen'))
      const sent = filled(headers, tag)
      const answer =
        method === 'PUT'
          ? await server.put(path, user('bjensen', { title: 'B' }), sent)
          : method === 'PATCH'
            ? await server.patch(path, [{ op: 'add', path: 'title', value: 'B' }], sent)
            : await server.del(path, sent)
      if (expected === true) {
        expect(answer.status).toBe(method === 'DELETE' ? 204 : 200)
        continue
      }
      expect(answer.status).toBe(expected === 400 ? 400 : 412)
      expect(answer.json).toEqual({
        schemas: [errorUrn],
        detail: expect.any(String),
        status: String(answer.status),
      })
      if (expected === false) expect(answer.headers.ETag).toBe(tag)
      // Nothing was changed, and no write is reported.
      expect((await server.get(path)).headers.ETag).toBe(tag)
      expect(server.writes()).toHaveLength(1)
    }
  })

  test('404 comes before 412 (§13.2.1)', async () => {
    const server = serve()
    for (const headers of [{ 'if-match': stale }, { 'if-match': '*' }, { 'if-none-match': '*' }]) {
      expect((await server.get('/Users/none', headers)).status).toBe(404)
      expect((await server.put('/Users/none', user('b'), headers)).status).toBe(404)
      expect((await server.patch('/Users/none', [{ op: 'remove', path: 'title' }], headers)).status).toBe(404)
      expect((await server.del('/Users/none', headers)).status).toBe(404)
    }
  })

  test('errors of the request line and the headers alone come before 412', async () => {
    const server = serve()
    const { path } = await made(server, user('bjensen'))
    const target = `${mount}${path}`
    const headers = { 'if-match': stale }
    expect((await server.ask({ method: 'POST', target, headers })).status).toBe(405)
    expect(
      (await server.ask({ method: 'PUT', target, body: {}, headers: { ...headers, 'content-type': 'text/plain' } }))
        .status,
    ).toBe(415)
    expect((await server.ask({ target, headers: { ...headers, accept: 'text/html' } })).status).toBe(406)
    expect(
      (await server.ask({ method: 'PUT', target, body: {}, headers: { ...headers, 'content-length': '99999999' } }))
        .status,
    ).toBe(413)
  })

  test('412 comes before the body is read (docs: the walk of one PUT)', async () => {
    const server = serve()
    const { path, tag } = await made(server, user('bjensen'))
    const junk = new TextEncoder().encode('{')
    for (const method of ['PUT', 'PATCH']) {
      const ask = (ifMatch: string) =>
        server.ask({ method, target: `${mount}${path}`, body: junk, headers: { 'if-match': ifMatch } })
      expect((await ask(stale)).status).toBe(412)
      expect(await ask(tag)).toMatchObject({ status: 400, json: { scimType: 'invalidSyntax' } })
    }
  })

  test('a stale write is 412, never 409, even where it would also collide', async () => {
    const server = serve()
    await made(server, user('taken'))
    const { path } = await made(server, user('bjensen'))
    expect((await server.put(path, user('taken'), { 'if-match': stale })).status).toBe(412)
    expect((await server.put(path, user('taken'))).status).toBe(409)
  })

  test.each([stale, '""', `${stale}, "x"`])(
    'POST with If-Match %s is 412, on collections and /.search',
    async (ifMatch) => {
      const server = serve()
      expect((await server.post('/Users', user('b'), { 'if-match': ifMatch })).status).toBe(412)
      expect((await server.post('/Users/.search', {}, { 'if-match': ifMatch })).status).toBe(412)
      expect((await server.get('/Users')).json.totalResults).toBe(0)
    },
  )

  test('If-Match: * names no version: it has no effect on POST and lists', async () => {
    const server = serve()
    const any = { 'if-match': '*' }
    expect((await server.post('/Users', user('b'), any)).status).toBe(201)
    expect((await server.post('/Users/.search', {}, any)).status).toBe(200)
    expect((await server.get('/Users', any)).status).toBe(200)
  })

  test('If-None-Match has no effect on POST; garbage in it is still garbage', async () => {
    const server = serve()
    expect((await server.post('/Users', user('b'), { 'if-none-match': '*' })).status).toBe(201)
    expect((await server.post('/Users', user('b'), { 'if-none-match': '*' })).status).toBe(409)
    expect((await server.post('/Users/.search', {}, { 'if-none-match': '*' })).status).toBe(200)
    expect((await server.get('/Users', { 'if-none-match': '*' })).status).toBe(200)
    expect((await server.post('/Users', user('c'), { 'if-none-match': 'x' })).status).toBe(400)
  })
})
