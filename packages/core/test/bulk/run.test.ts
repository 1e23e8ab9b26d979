/** Many writes in one request. @see RFC 7644 §3.7 */
import { describe, expect, test } from '@jest/globals'
import { tenantId } from '../../src/index.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import {
  core,
  enterprise,
  errorUrn,
  group,
  made,
  mount,
  type Server,
  serve,
  tenantsByToken,
  user,
} from '../support/server.js'
import {
  bulk,
  bulkRequest,
  bulkResponse,
  counting,
  create,
  patch,
  pathOf,
  remove,
  replace,
  titled,
} from './support/bulk-requests.js'

const stale = 'W/"0-000000000000000000000000"'
const responseOf = (result: JsonObject | undefined): JsonObject => (result?.response ?? {}) as JsonObject
const detailOf = (result: JsonObject | undefined): string => String(responseOf(result).detail)
const idIn = (result: JsonObject | undefined): string => pathOf(result).split('/').at(-1) ?? ''
const membersOf = async (server: Server, path: string): Promise<readonly JsonValue[]> =>
  (((await server.get(path)).json.members ?? []) as readonly JsonObject[]).map(({ value }) => value as JsonValue)
const totals = async (server: Server): Promise<readonly unknown[]> => [
  (await server.get('/Users?count=0')).json.totalResults,
  (await server.get('/Groups?count=0')).json.totalResults,
]

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

describe('order: as sent, except that a POST runs before the first operation that refers to it', () => {
  test('one after the other: each sees the result of the one before', async () => {
    const server = serve()
    const b = await made(server, user('b'))
    const { statuses } = await bulk(server, [
      replace(b.path, user('c')),
      create('x', user('b')),
      remove(b.path),
      titled(b.path, 'late'),
      create('y', user('c')),
    ])
    expect(statuses).toEqual(['200', '201', '204', '404', '201'])
  })

  test('a POST is not moved further than necessary', async () => {
    const server = serve()
    const taken = await made(server, user('taken'))
    // `q` needs the name that the first operation frees; only the second refers to it.
    const { statuses } = await bulk(server, [
      remove(taken.path),
      create('g', group('g', ['bulkId:q'])),
      create('q', user('taken')),
    ])
    expect(statuses).toEqual(['204', '201', '201'])
  })

  test('results are in the order of the request', async () => {
    const { results } = await bulk(serve(), [create('g', group('g', ['bulkId:u'])), create('u', user('u'))])
    expect(results.map(({ bulkId }) => bulkId)).toEqual(['g', 'u'])
  })
})

describe('references (§3.7.2)', () => {
  test('backward and forward; in members, manager, path, PATCH values and filters', async () => {
    const server = serve()
    const { results, statuses } = await bulk(server, [
      create('late', group('late', ['bulkId:boss', 'bulkId:u'])),
      create('u', user('u', { [enterprise]: { manager: { value: 'bulkId:boss' } } })),
      create('v', user('v', { manager: 'bulkId:boss' })),
      create('boss', user('boss')),
      patch('/Groups/bulkId:late', [
        { op: 'add', path: 'members', value: [{ value: 'bulkId:v' }] },
        { op: 'remove', path: 'members[value eq "bulkId:boss"]' },
      ]),
      replace('/Users/bulkId:boss', { ...user('boss'), id: 'bulkId:boss', title: 'CEO' }),
      create('gone', user('gone')),
      remove('/Users/bulkId:gone'),
    ])
    expect(statuses).toEqual(['201', '201', '201', '201', '200', '200', '201', '204'])
    const [late, u, v, boss] = results
    expect(await membersOf(server, pathOf(late))).toEqual([idIn(u), idIn(v)])
    for (const one of [u, v]) {
      expect((await server.get(pathOf(one))).json[enterprise]).toMatchObject({ manager: { value: idIn(boss) } })
    }
    expect((await server.get(pathOf(boss))).json.title).toBe('CEO')
    expect(results[4]?.location).toBe(late?.location)
    expect(results[7]?.location).toBe(results[6]?.location)
  })

  test('also where the store creates the ids', async () => {
    const { provider } = counting()
    let ids = 0
    const own = { ...provider, insert: withOwnId() }
    function withOwnId(): typeof provider.insert {
      return async (ref, next, context) => {
        const id = `own-${++ids}`
        const result = await provider.insert({ ...ref, id }, { ...next, resource: { ...next.resource, id } }, context)
        return result.kind === 'success' ? { ...result, value: { ...result.value, id } } : result
      }
    }
    const server = serve({ provider: own })
    const { results } = await bulk(server, [
      create('a', group('a', ['bulkId:b', 'bulkId:u'])),
      create('b', group('b', ['bulkId:a'])),
      create('u', user('u')),
    ])
    expect(results.map(idIn).every((id) => id.startsWith('own-'))).toBe(true)
    expect(await membersOf(server, pathOf(results[0]))).toEqual(
      expect.arrayContaining([idIn(results[1]), idIn(results[2])]),
    )
    expect(await membersOf(server, pathOf(results[1]))).toEqual([idIn(results[0])])
  })

  test('to an unknown bulkId: 400 in that operation, before it writes anything, and it is named', async () => {
    const { provider, calls } = counting()
    const server = serve({ provider })
    const b = await made(server, user('b'))
    const before = { ...calls }
    const { results } = await bulk(server, [
      create('g', group('g', ['bulkId:none'])),
      titled('/Users/bulkId:none', 'T'),
      patch(b.path, [{ op: 'add', path: 'title', value: 'bulkId:' }]),
      remove('/Users/bulkId:%3Cscript%3E'),
      create('on-g', group('on-g', ['bulkId:g'])),
    ])
    expect(results.map(({ status }) => status)).toEqual(['400', '400', '400', '400', '409'])
    expect(results.slice(0, 4).map((result) => responseOf(result).scimType)).toEqual(Array(4).fill('invalidValue'))
    expect(detailOf(results[0])).toContain('"none"')
    expect(JSON.stringify(results)).not.toContain('script')
    expect(detailOf(results[4])).toContain('"g"')
    // §3.7.3: all but a failed POST have a location, and there is none for a resource that was never created.
    expect(results.map(({ location }) => location)).toEqual([
      undefined,
      undefined,
      `https://scim.example/scim/v2${b.path}`,
      undefined,
      undefined,
    ])
    expect(calls).toEqual(before)
  })

  test('to a PUT, PATCH or DELETE do not exist: their bulkIds are only echoed', async () => {
    const server = serve()
    const b = await made(server, user('b'))
    const { results } = await bulk(server, [
      { ...titled(b.path, 'T'), bulkId: 'b' },
      { ...titled(b.path, 'U'), bulkId: 'b' },
      create('g', group('g', ['bulkId:b'])),
    ])
    expect(results.map(({ status, bulkId }) => [status, bulkId])).toEqual([
      ['200', 'b'],
      ['200', 'b'],
      ['400', 'g'],
    ])
  })

  test('to a POST that fails: 409, not carried out, and so on for all that depend on it', async () => {
    const { provider, calls } = counting()
    const server = serve({ provider })
    await made(server, user('taken'))
    const inserts = calls.insert
    const { statuses, results } = await bulk(server, [
      create('outer', group('outer', ['bulkId:inner'])),
      create('inner', group('inner', ['bulkId:u'])),
      create('u', user('taken')),
      titled('/Users/bulkId:u', 'T'),
      create('fine', user('fine')),
    ])
    expect(statuses).toEqual(['409', '409', '409', '409', '201'])
    expect(results.map(detailOf).slice(0, 4)).toEqual([
      expect.stringContaining('"inner"'),
      expect.stringContaining('"u"'),
      'Another resource has this userName.',
      expect.stringContaining('"u"'),
    ])
    expect(results[3]).not.toHaveProperty('location')
    expect(calls.insert - inserts).toBe(2)
    expect(await totals(server)).toEqual([2, 0])
  })

  test('in `id` and `meta` of new data are not resolved: these are the server’s', async () => {
    const { statuses } = await bulk(serve(), [
      create('a', user('a', { ID: 'bulkId:x', meta: { location: 'bulkId:a' } })),
    ])
    expect(statuses).toEqual(['201'])
  })

  test('a member whose text looks like a reference of another spelling is a plain id', async () => {
    const server = serve()
    const { results } = await bulk(server, [create('g', group('g', ['BulkId:x']))])
    expect(await membersOf(server, pathOf(results[0]))).toEqual(['BulkId:x'])
  })
})

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

describe('failOnErrors', () => {
  const operations = [
    create('a', user('a')),
    remove('/Users/none-1'),
    create('b', user('b')),
    'junk',
    create('c', user('c')),
    remove('/Users/none-2'),
    create('d', user('d')),
  ]
  test.each([
    [1, ['201', '404']],
    [2, ['201', '404', '201', '400']],
    [3, ['201', '404', '201', '400', '201', '404']],
    [4, ['201', '404', '201', '400', '201', '404', '201']],
    [Number.MAX_SAFE_INTEGER, ['201', '404', '201', '400', '201', '404', '201']],
  ])('%d: the rest is not carried out, and the completed operations are reported', async (failOnErrors, expected) => {
    const server = serve()
    expect((await bulk(server, operations, { failOnErrors })).statuses).toEqual(expected)
    const users = expected.filter((status) => status === '201').length
    expect(await totals(server)).toEqual([users, 0])
  })

  test('operations that a failed POST prevents count too', async () => {
    const { results } = await bulk(
      serve(),
      [create('g', group('g', ['bulkId:u'])), create('u', { schemas: [core] }), create('v', user('v'))],
      { failOnErrors: 2 },
    )
    expect(results.map(({ bulkId, status }) => [bulkId, status])).toEqual([
      ['g', '409'],
      ['u', '400'],
    ])
  })
})

describe('limits (§3.7.4)', () => {
  test('1,000 operations; one more is 413 that names the limit, and nothing is done', async () => {
    const server = serve()
    const many = (count: number) => Array.from({ length: count }, (_, i) => remove(`/Users/none-${i}`))
    expect((await bulk(server, many(1_000))).results).toHaveLength(1_000)
    const answer = await bulk(server, [create('a', user('a')), ...many(1_000)])
    expect(answer).toMatchObject({ status: 413, json: { schemas: [errorUrn], status: '413' } })
    expect(answer.json.detail).toContain('maxOperations (1000)')
    expect(await totals(server)).toEqual([0, 0])
  })

  test('more bytes than maxPayloadSize are 413 that names the limit', async () => {
    const server = serve({ limits: { bulkPayloadBytes: 500 } })
    const answer = await bulk(server, [create('a', user('a', { title: 'x'.repeat(500) }))])
    expect(answer).toMatchObject({ status: 413, json: { status: '413' } })
    expect(answer.json.detail).toContain('maxPayloadSize (500)')
    const announced = await bulk(server, [], {}, { 'content-length': '501' })
    expect(announced.json.detail).toContain('maxPayloadSize (500)')
    expect((await server.get('/ServiceProviderConfig')).json.bulk).toEqual({
      supported: true,
      maxOperations: 1_000,
      maxPayloadSize: 500,
    })
  })

  describe('work is counted together: when the budget is used up, the remaining operations are 400 tooMany and are not tried', () => {
    // 100 members count as 20,000 characters.
    const members = Array.from({ length: 100 }, (_, i) => `m-${i}`)
    const looksAtMembers = (path: string): JsonObject => patch(path, [{ op: 'remove', path: 'members[type eq "x"]' }])
    const used = async (server: Server, operation: JsonObject): Promise<number> => {
      const { results, statuses } = await bulk(
        server,
        Array.from({ length: 50 }, () => operation),
      )
      const done = statuses.indexOf('400')
      expect(new Set(statuses.slice(0, done))).toEqual(new Set(['200']))
      expect(new Set(results.slice(done).map((result) => responseOf(result).scimType))).toEqual(new Set(['tooMany']))
      return done
    }

    test('reads: the members of a group, for a PUT that removes most of them', async () => {
      const { provider, calls } = counting()
      const server = serve({ provider, limits: { bulkWork: 100_000 } })
      const { path } = await made(server, group('g', members))
      const reads = calls.read
      // The members of the first read alone fit five times into the budget, with the documents four times.
      expect(await used(server, replace(path, group('g', members)))).toBe(4)
      expect(calls.read - reads).toBeLessThanOrEqual(5 * 3)
    })

    test('the work of a PATCH', async () => {
      const server = serve({ limits: { bulkWork: 100_000 } })
      const { path } = await made(server, user('u', { roles: members.map((value) => ({ value })) }))
      // Read as text it is a few thousand characters; processed, 20,000 and more.
      const look = patch(path, [{ op: 'replace', path: 'roles[value eq "m-1"].type', value: 't' }])
      const done = await used(server, look)
      expect(done).toBeGreaterThan(0)
      expect(done).toBeLessThan(5)
    })

    test('another request starts with a new budget', async () => {
      const server = serve({ limits: { bulkWork: 100_000 } })
      const { path } = await made(server, group('g', members))
      expect(await used(server, looksAtMembers(path))).toBeGreaterThan(0)
      expect(await used(server, looksAtMembers(path))).toBeGreaterThan(0)
    })
  })
})

describe('other requests, and the host', () => {
  test('a client that disconnects ends it between two operations', async () => {
    const { provider, calls } = counting()
    const gone = new AbortController()
    const server = serve({
      provider: {
        ...provider,
        insert: (...asked) => {
          if (calls.insert === 2) gone.abort()
          return provider.insert(...asked)
        },
      },
    })
    const Operations = ['a', 'b', 'c', 'd', 'e'].map((name) => create(name, user(name)))
    const answer = await server.ask({
      method: 'POST',
      target: `${mount}/Bulk`,
      body: { schemas: [bulkRequest], Operations },
      signal: gone.signal,
    })
    expect(answer.json.Operations).toHaveLength(3)
    expect(await totals(server)).toEqual([3, 0])
  })

  test('other requests get a turn every few milliseconds', async () => {
    const { provider } = counting()
    const server = serve({
      provider: {
        ...provider,
        insert: (...asked) => {
          server.pass(4)
          return provider.insert(...asked)
        },
      },
    })
    await bulk(
      server,
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => create(name, user(name))),
    )
    expect(server.sleeps).toEqual([0, 0])
  })

  test('a store that fails fails that operation: 500, reported to the host, and the others continue', async () => {
    const { provider } = counting()
    const server = serve({
      provider: {
        ...provider,
        insert: (ref, next, context) => {
          if (next.resource.userName === 'b') throw new Error('disk /var/db is full')
          return provider.insert(ref, next, context)
        },
      },
    })
    const answer = await bulk(server, [create('a', user('a')), create('b', user('b')), create('c', user('c'))])
    expect(answer.statuses).toEqual(['201', '500', '201'])
    expect(answer.text).not.toContain('disk')
    expect(server.errors).toMatchObject([{ message: 'disk /var/db is full' }])
  })

  test('each write has its event, all with the id of the request; the request’s event counts', async () => {
    const server = serve({ authenticate: tenantsByToken({ t: { principal: 'p' } }) })
    const headers = { authorization: 'Bearer t' }
    const { results } = await bulk(
      server,
      [create('u', user('u', { nothing: 1 })), titled('/Users/bulkId:u', 'T'), 'junk', remove('/Users/bulkId:u')],
      {},
      headers,
    )
    const id = idIn(results[0])
    expect(server.events).toMatchObject([
      { kind: 'write', operation: 'create', id, requestId: 'id-1', principal: 'p', tenant: 't', ignored: ['nothing'] },
      { kind: 'write', operation: 'patch', id, requestId: 'id-1' },
      { kind: 'write', operation: 'remove', id, requestId: 'id-1' },
      { kind: 'request', requestId: 'id-1', type: 'Bulk', status: 200, bulk: { operations: 4, failed: 1 } },
    ])
    await server.get('/Users', headers)
    expect(server.events.at(-1)).toMatchObject({ kind: 'request', bulk: undefined })
  })

  test('another tenant’s ids do not exist, and its bulkIds are unknown', async () => {
    const server = serve({ authenticate: tenantsByToken({ one: {}, two: {} }) })
    const [one, two] = [{ authorization: 'Bearer one' }, { authorization: 'Bearer two' }]
    const first = await bulk(server, [create('u', user('u'))], {}, one)
    const path = pathOf(first.results[0])
    const { statuses } = await bulk(server, [titled(path, 'T'), remove(path), titled('/Users/bulkId:u', 'T')], {}, two)
    expect(statuses).toEqual(['404', '404', '400'])
    expect((await server.get(path, one)).json).not.toHaveProperty('title')
  })
})

describe('without HTTP', () => {
  test('too many operations are 413 there too', async () => {
    const { scim } = serve({ limits: { bulkOperations: 1 } })
    const operation = { kind: 'remove', ref: { type: 'User', id: 'x' } } as const
    const asked = scim.perform(
      { kind: 'bulk', request: { entries: [{ operation }, { operation }] } },
      scim.context({ tenant: tenantId('t') }),
    )
    await expect(asked).rejects.toMatchObject({ status: 413 })
  })

  test('the same, as a typed operation', async () => {
    const { scim } = serve()
    const context = scim.context({ tenant: tenantId('t'), baseUrl: 'https://x.example/v2' })
    const outcome = await scim.perform(
      {
        kind: 'bulk',
        request: {
          failOnErrors: 1,
          entries: [
            { operation: { kind: 'create', type: 'Group', body: group('g', ['bulkId:u']) }, bulkId: 'g' },
            { operation: { kind: 'create', type: 'User', body: user('u') }, bulkId: 'u' },
            { operation: { kind: 'create', type: 'User', body: user('nameless') } },
            { operation: { kind: 'remove', ref: { type: 'User', id: 'bulkId:u' } } },
          ],
        },
      },
      context,
    )
    expect(outcome).toMatchObject({
      kind: 'bulk',
      value: {
        failed: 1,
        results: [
          { method: 'POST', bulkId: 'g', outcome: { kind: 'created' } },
          { method: 'POST', bulkId: 'u', outcome: { kind: 'created' } },
          { method: 'POST', outcome: { kind: 'error', error: { status: 400, scimType: 'invalidValue' } } },
        ],
      },
    })
    expect(outcome.value.results[1]?.location).toMatch(/^https:\/\/x\.example\/v2\/Users\//)
  })
})
