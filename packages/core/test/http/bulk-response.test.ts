/** The response to a bulk request. @see RFC 7644 §3.7.3 */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { bulk, bulkResponse, create, patch, pathOf, remove, replace, titled } from '../bulk/support/bulk-requests.js'
import { stale } from '../bulk/support/bulk-results.js'
import { core, made, serve, user } from '../support/server.js'

describe('the response (§3.7.3)', () => {
  test('200, with status, location and version of each, and no body for a success', async () => {
    const server = serve()
    const [b, c, d] = [await made(server, user('b')), await made(server, user('c')), await made(server, user('d'))]
    const answer = await bulk(server, [
      create('qwerty', user('a')),
      { ...replace(b.path, user('B'), { version: b.tag }), bulkId: 'echoed' },
      titled(c.path, 'T', { version: c.tag }),
      remove(d.path, { version: d.tag }),
    ])
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({ 'Content-Type': 'application/scim+json', 'Cache-Control': 'no-store' })
    expect(answer.headers).not.toHaveProperty('ETag')
    const [a] = answer.results
    const tagOf = async (path: string) => (await server.get(path)).headers.ETag
    const at = (path: string) => `https://scim.example/scim/v2${path}`
    expect(answer.json).toEqual({
      schemas: [bulkResponse],
      Operations: [
        { location: a?.location, method: 'POST', bulkId: 'qwerty', version: await tagOf(pathOf(a)), status: '201' },
        { location: at(b.path), method: 'PUT', bulkId: 'echoed', version: await tagOf(b.path), status: '200' },
        { location: at(c.path), method: 'PATCH', version: await tagOf(c.path), status: '200' },
        { location: at(d.path), method: 'DELETE', status: '204' },
      ],
    })
    expect((await server.get(d.path)).status).toBe(404)
  })

  test('each failure has the body that it would have had alone, and 412 the current version', async () => {
    const server = serve()
    const b = await made(server, user('b'))
    const asked: readonly [JsonObject, () => Promise<{ readonly json: JsonObject }>][] = [
      [create('q', user('b')), () => server.post('/Users', user('b'))],
      [
        create('r', { schemas: [core], userName: true }),
        () => server.post('/Users', { schemas: [core], userName: true }),
      ],
      [replace(b.path, user('B'), { version: stale }), () => server.put(b.path, user('B'), { 'if-match': stale })],
      [remove('/Users/none'), () => server.del('/Users/none')],
      [remove('/Nothing/x'), () => server.del('/Nothing/x')],
      [patch(b.path, [{ op: 'remove' }]), () => server.patch(b.path, [{ op: 'remove' }])],
    ]
    const { results } = await bulk(
      server,
      asked.map(([operation]) => operation),
    )
    for (const [i, [, alone]] of asked.entries()) {
      const { json } = await alone()
      expect(results[i]?.response).toEqual(json)
      expect(results[i]?.status).toBe(json.status)
    }
    expect(results.map(({ location, version }) => [typeof location, version])).toEqual([
      // §3.7.3: all but a failed POST have one.
      ['undefined', undefined],
      ['undefined', undefined],
      ['string', b.tag],
      ['string', undefined],
      ['undefined', undefined],
      ['string', undefined],
    ])
    expect((await server.get(b.path)).headers.ETag).toBe(b.tag)
  })

  test('no operations, no results', async () => {
    expect((await bulk(serve(), [])).json).toEqual({ schemas: [bulkResponse], Operations: [] })
  })
})
