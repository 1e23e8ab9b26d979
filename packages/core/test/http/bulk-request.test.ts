/** Invalid bulk requests and operations, and the versions of operations. @see RFC 7644 §3.7 */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { bulk, bulkRequest, create, remove, titled } from '../bulk/support/bulk-requests.js'
import { responseOf, stale, totals } from '../bulk/support/bulk-results.js'
import { errorUrn, group, made, mount, serve, user } from '../support/server.js'

describe('an invalid operation fails alone', () => {
  const good = { method: 'POST', path: '/Users', bulkId: 'q', data: user('q') }
  test.each<[string, JsonValue, string, string | undefined, JsonObject]>([
    ['not an object', 'x', '400', 'invalidSyntax', {}],
    ['null', null, '400', 'invalidSyntax', {}],
    ['a list', [good], '400', 'invalidSyntax', {}],
    ['no method', { ...good, method: null }, '400', 'invalidSyntax', { bulkId: 'q' }],
    ['GET', { method: 'GET', path: '/Users' }, '400', 'invalidSyntax', {}],
    ['a method of another kind', { ...good, method: ['POST'] }, '400', 'invalidSyntax', { bulkId: 'q' }],
    ['an invalid method', { ...good, method: 'x'.repeat(9_000) }, '400', 'invalidSyntax', { bulkId: 'q' }],
    ['a duplicate name', { ...good, METHOD: 'PUT' }, '400', 'invalidSyntax', {}],
    ['no path', { ...good, path: null }, '400', 'invalidSyntax', { method: 'POST', bulkId: 'q' }],
    ['a path that is not text', { ...good, path: 1 }, '400', 'invalidSyntax', { method: 'POST', bulkId: 'q' }],
    ['a long path', { ...good, path: `/${'x'.repeat(20_000)}` }, '414', undefined, { method: 'POST', bulkId: 'q' }],
    ['the root', { ...good, path: '/' }, '404', undefined, { method: 'POST', bulkId: 'q' }],
    ['another endpoint', { ...good, path: '/Bulk' }, '404', undefined, { method: 'POST', bulkId: 'q' }],
    ['/Me', { ...good, path: '/Me' }, '404', undefined, { method: 'POST', bulkId: 'q' }],
    ['a discovery endpoint', { ...good, path: '/Schemas' }, '404', undefined, { method: 'POST', bulkId: 'q' }],
    [
      'a path with an unusual spelling',
      { ...good, path: '/Users/../Groups' },
      '404',
      undefined,
      { method: 'POST', bulkId: 'q' },
    ],
    [
      'an absolute URL',
      { ...good, path: 'https://x.example/Users' },
      '404',
      undefined,
      { method: 'POST', bulkId: 'q' },
    ],
    ['too many segments', { method: 'DELETE', path: '/Users/x/y' }, '404', undefined, { method: 'DELETE' }],
    ['a POST to a resource', { ...good, path: '/Users/x' }, '405', undefined, { method: 'POST', bulkId: 'q' }],
    ['a search', { ...good, path: '/Users/.search' }, '405', undefined, { method: 'POST', bulkId: 'q' }],
    ['a PUT to a collection', { ...good, method: 'PUT' }, '405', undefined, { method: 'PUT', bulkId: 'q' }],
    ['a DELETE of a collection', { method: 'DELETE', path: '/Users' }, '405', undefined, { method: 'DELETE' }],
    ['a POST without bulkId', { ...good, bulkId: null }, '400', 'invalidValue', { method: 'POST' }],
    ['an empty bulkId', { ...good, bulkId: '' }, '400', 'invalidValue', {}],
    ['a bulkId that is not text', { ...good, bulkId: 7 }, '400', 'invalidValue', {}],
    ['no data', { ...good, data: null }, '400', 'invalidSyntax', { method: 'POST', bulkId: 'q' }],
    ['data that is not an object', { ...good, data: [] }, '400', 'invalidSyntax', { method: 'POST', bulkId: 'q' }],
    ['a version on a POST', { ...good, version: stale }, '412', undefined, { method: 'POST', bulkId: 'q' }],
    [
      'an invalid version',
      { method: 'DELETE', path: '/Users/x', version: '' },
      '400',
      'invalidValue',
      { method: 'DELETE', location: `https://scim.example${mount}/Users/x` },
    ],
    [
      'a version that is not text',
      { method: 'DELETE', path: '/Users/x', version: 1 },
      '400',
      'invalidValue',
      { method: 'DELETE', location: `https://scim.example${mount}/Users/x` },
    ],
  ])('%s', async (_, operation, status, scimType, known) => {
    const server = serve()
    const { results, statuses } = await bulk(server, [create('a', user('a')), operation, create('b', user('b'))])
    expect(statuses).toEqual(['201', status, '201'])
    const [, result] = results
    expect(result).toMatchObject(known)
    expect(result).toEqual({ ...known, status, response: expect.objectContaining({ schemas: [errorUrn], status }) })
    expect(responseOf(result).scimType).toBe(scimType)
    expect(await totals(server)).toEqual([2, 0])
  })

  test('names of the message ignore case, null is absent, and methods ignore case too', async () => {
    const server = serve()
    const answer = await server.post('/Bulk', {
      SCHEMAS: [bulkRequest],
      failonerrors: null,
      operations: [{ METHOD: 'post', Path: 'Users/', BULKID: 'q', Data: user('a'), version: null, unknown: 1 }],
    })
    expect(answer.json.Operations).toMatchObject([{ method: 'POST', bulkId: 'q', status: '201' }])
  })
})

describe('an invalid bulk request is refused as a whole', () => {
  const operation = create('q', user('q'))
  test.each<[string, JsonValue, string]>([
    ['not an object', [], 'invalidSyntax'],
    ['no Operations', { schemas: [bulkRequest] }, 'invalidSyntax'],
    ['Operations that are not a list', { schemas: [bulkRequest], Operations: operation }, 'invalidSyntax'],
    ['another message', { schemas: ['urn:x'], Operations: [operation] }, 'invalidSyntax'],
    ['a duplicate name', { schemas: [bulkRequest], Operations: [operation], operations: [] }, 'invalidSyntax'],
    ...[0, -1, 1.5, '1', '0', '-1', '1.5', '', 'one', '9'.repeat(20), true].map(
      (failOnErrors): [string, JsonValue, string] => [
        `failOnErrors: ${JSON.stringify(failOnErrors)}`,
        { schemas: [bulkRequest], Operations: [operation], failOnErrors },
        'invalidValue',
      ],
    ),
    [
      'a bulkId of two POSTs',
      { schemas: [bulkRequest], Operations: [operation, create('q', group('g'))] },
      'invalidSyntax',
    ],
    [
      'a bulkId of two POSTs, one of which is invalid',
      { schemas: [bulkRequest], Operations: [operation, { method: 'POST', bulkId: 'q' }] },
      'invalidSyntax',
    ],
  ])('%s', async (_, body, scimType) => {
    const server = serve()
    expect(await server.post('/Bulk', body)).toMatchObject({ status: 400, json: { schemas: [errorUrn], scimType } })
    expect(await totals(server)).toEqual([0, 0])
  })

  test('without schemas: accepted where that is switched on', async () => {
    for (const body of [{ Operations: [operation] }, { schemas: [], Operations: [operation] }]) {
      expect((await serve().post('/Bulk', body)).status).toBe(200)
      expect((await serve({ interop: 'strict' }).post('/Bulk', body)).status).toBe(400)
    }
  })

  test('If-Match is refused: 412, and nothing is done; If-None-Match has no effect', async () => {
    const server = serve()
    expect((await bulk(server, [operation], {}, { 'if-match': 'W/"1-x"' })).status).toBe(412)
    expect(await totals(server)).toEqual([0, 0])
    expect((await bulk(server, [operation], {}, { 'if-none-match': '*' })).statuses).toEqual(['201'])
  })
})

describe('versions are preconditions', () => {
  test.each([
    ['as a weak tag', (tag: string) => tag, '200'],
    ['as a strong one', (tag: string) => tag.slice(2), '200'],
    ['without quotes, as stores know it', (tag: string) => tag.slice(3, -1), '200'],
    ['as a proxy has changed it', (tag: string) => `${tag.slice(0, -1)}-gzip"`, '200'],
    ['as a proxy has changed it, without quotes', (tag: string) => `${tag.slice(3, -1)}-gzip`, '200'],
    ['with an unknown suffix', (tag: string) => `${tag.slice(0, -1)}-zip"`, '412'],
    ['another one', () => stale, '412'],
    ['another one without quotes', () => 'oY4m4wn58tkVjJxK', '412'],
    ['a list with it', (tag: string) => `${stale}, ${tag}`, '200'],
    ['half a tag', (tag: string) => tag.slice(0, -1), '400'],
    ['text with blanks', () => 'a b', '400'],
  ])('%s', async (_, version, status) => {
    const server = serve()
    const { path, tag } = await made(server, user('b'))
    const { statuses } = await bulk(server, [titled(path, 'T', { version: version(tag) })])
    expect(statuses).toEqual([status])
  })

  test('no version is no precondition, unless the host requires one', async () => {
    const server = serve({ requireIfMatch: 'always' })
    const { path, tag } = await made(server, user('b'))
    const { results } = await bulk(server, [titled(path, 'T'), titled(path, 'U', { version: tag }), remove(path)])
    expect(results.map(({ status }) => status)).toEqual(['428', '200', '428'])
    expect(results[0]?.version).toBe(tag)
    expect(results[2]?.version).toBe(results[1]?.version)
  })

  test('where tags are strict, the tags of a response can be sent back', async () => {
    const server = serve({ etag: 'strict' })
    const { path, tag } = await made(server, user('b'))
    const first = await bulk(server, [titled(path, 'T', { version: tag })])
    const version = String(first.results[0]?.version)
    expect((await bulk(server, [titled(path, 'U', { version })])).statuses).toEqual(['200'])
    expect((await bulk(server, [titled(path, 'V', { version })])).statuses).toEqual(['412'])
  })
})
