/** The responses to a sequence of requests: statuses, headers and tags, as the fine print decides them. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { base, core, enterprise, errorUrn, group, made, mount, serve, user } from '../support/server.js'

const stale = 'W/"9-000000000000000000000000"'
// `W/"1-…`: generation and digest.
const withoutNonce = (tag: unknown): string => String(tag).slice(0, String(tag).lastIndexOf('-'))

describe('the life of a user', () => {
  test('201 with Location, ETag and the whole resource (RFC 7644 §3.3)', async () => {
    const server = serve()
    const { status, headers, json } = await server.post('/Users', user('bjensen', { title: 'Guide' }))
    expect(status).toBe(201)
    expect(headers).toEqual({
      'Cache-Control': 'private, no-cache',
      'Content-Location': `${base}/Users/${String(json.id)}`,
      'Content-Type': 'application/scim+json',
      ETag: expect.stringMatching(/^W\/"1-[0-9a-f]{16}-[0-9a-f]{12}"$/),
      Location: `${base}/Users/${String(json.id)}`,
      Vary: 'Accept, Authorization',
      'X-Content-Type-Options': 'nosniff',
    })
    expect(json).toEqual({
      schemas: [core],
      id: expect.any(String),
      userName: 'bjensen',
      title: 'Guide',
      meta: {
        resourceType: 'User',
        created: '2026-01-01T00:00:00.000Z',
        lastModified: '2026-01-01T00:00:00.000Z',
        location: headers.Location,
        version: headers.ETag,
      },
    })
  })

  test('read, changed, removed: the ETag is meta.version everywhere, and changes with every change', async () => {
    const server = serve()
    const { path, tag } = await made(server, user('bjensen'))
    const tags = [tag]
    for (const ask of [
      () => server.get(path),
      () => server.put(path, user('bjensen', { title: 'A' })),
      () => server.patch(path, [{ op: 'replace', path: 'title', value: 'B' }]),
      () => server.put(path, user('bjensen', { title: 'A' })),
      () => server.patch(path, [{ op: 'remove', path: 'title' }]),
    ]) {
      server.pass(1_000)
      const { status, headers, json } = await ask()
      expect(status).toBe(200)
      expect((json.meta as JsonObject).version).toBe(headers.ETag)
      tags.push(headers.ETag ?? '')
    }
    // Read once; then four changes. A→B→A is a new tag.
    expect(tags[1]).toBe(tags[0])
    expect(new Set(tags).size).toBe(5)
    const gone = await server.del(path)
    expect(gone).toMatchObject({ status: 204, text: null })
    expect(gone.headers).not.toHaveProperty('Content-Type')
    expect((await server.get(path)).status).toBe(404)
    expect((await server.del(path)).status).toBe(404)
    expect((await server.put(path, user('bjensen'))).status).toBe(404)
  })

  test('created remains, lastModified moves with changes alone', async () => {
    const server = serve()
    const { path } = await made(server, user('bjensen', { title: 'A' }))
    server.pass(5_000)
    expect((await server.get(path)).json.meta).toMatchObject({ lastModified: '2026-01-01T00:00:00.000Z' })
    const { json } = await server.put(path, user('bjensen', { title: 'B' }))
    expect(json.meta).toMatchObject({ created: '2026-01-01T00:00:00.000Z', lastModified: '2026-01-01T00:00:05.000Z' })
  })

  test('PATCH answers 200 with the resource for a user (ADR 14)', async () => {
    const server = serve()
    const { path } = await made(server, user('bjensen'))
    const { status, json, headers } = await server.patch(path, [{ op: 'Add', path: 'nickName', value: 'Babs' }])
    expect({ status, nickName: json.nickName }).toEqual({ status: 200, nickName: 'Babs' })
    expect(headers).toMatchObject({ 'Cache-Control': 'private, no-cache', 'Content-Type': 'application/scim+json' })
  })
})

describe('an unchanged PUT or PATCH writes nothing: same tag, same lastModified', () => {
  const body = user('bjensen', { title: 'A', emails: [{ value: 'a@x', primary: true }], name: { givenName: 'B' } })
  test.each<[string, 'put' | 'patch', JsonObject | readonly JsonObject[]]>([
    ['the same body', 'put', body],
    ['keys in another order', 'put', { name: { givenName: 'B' }, ...body }],
    ['the server’s attributes beside it', 'put', { ...body, id: 'x', meta: { version: stale }, groups: [] }],
    [
      'add of an existing value (RFC 7644 §3.5.2.1)',
      'patch',
      [{ op: 'add', path: 'emails', value: [{ value: 'a@x' }] }],
    ],
    ['replace by the same', 'patch', [{ op: 'replace', value: { title: 'A', name: { givenName: 'B' } } }]],
    [
      'there and back',
      'patch',
      [
        { op: 'add', path: 'title', value: 'B' },
        { op: 'add', path: 'title', value: 'A' },
      ],
    ],
    ['remove of an absent value', 'patch', [{ op: 'remove', path: 'nickName' }]],
    ['an unknown path', 'patch', [{ op: 'add', path: 'nothing', value: 1 }]],
  ])('%s', async (_title, method, given) => {
    const server = serve()
    const { path, tag } = await made(server, body)
    const before = (await server.get(path)).json
    server.pass(60_000)
    const answer =
      method === 'put' ? await server.put(path, given as JsonObject) : await server.patch(path, given as JsonObject[])
    expect(answer).toMatchObject({ status: 200, headers: { ETag: tag }, json: before })
    expect(await server.get(path)).toMatchObject({ headers: { ETag: tag }, json: before })
    // Reported as a write that changed nothing.
    expect(server.writes().at(-1)).toMatchObject({ before: tag, after: tag })
  })
})

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

describe('uniqueness (RFC 7644 §3.12; IDP-S3)', () => {
  test('userName by its caseKey, on POST, PUT and PATCH: 409 uniqueness, nothing changed', async () => {
    const server = serve()
    const { path } = await made(server, user('other'))
    await made(server, user('Jos\u00e9'))
    const expected = { status: 409, json: { schemas: [errorUrn], status: '409', scimType: 'uniqueness' } }
    expect(await server.post('/Users', user('JOSE\u0301'))).toMatchObject(expected)
    expect(await server.put(path, user('jos\u00e9'))).toMatchObject(expected)
    expect(await server.patch(path, [{ op: 'replace', path: 'userName', value: 'Jose\u0301' }])).toMatchObject(expected)
    expect((await server.get(path)).json.userName).toBe('other')
    expect((await server.get('/Users')).json.totalResults).toBe(2)
  })

  test('its own name in another case is no collision; a name set free can be taken', async () => {
    const server = serve()
    const { path } = await made(server, user('bjensen'))
    expect((await server.put(path, user('BJensen'))).status).toBe(200)
    await server.put(path, user('renamed'))
    expect((await server.post('/Users', user('bjensen'))).status).toBe(201)
    await server.del(path)
    expect((await server.post('/Users', user('Renamed'))).status).toBe(201)
  })

  test('group names are free, unless the switch is on (IDP-34)', async () => {
    const free = serve()
    expect((await free.post('/Groups', group('G'))).status).toBe(201)
    expect((await free.post('/Groups', group('g'))).status).toBe(201)
    const bound = serve({ interop: { uniqueGroupDisplayName: true } })
    expect((await bound.post('/Groups', group('G'))).status).toBe(201)
    expect((await bound.post('/Groups', group('g'))).status).toBe(409)
  })
})

describe('groups', () => {
  test('members with type, $ref and display; User.groups; both looked up, never stored', async () => {
    const server = serve()
    const { id, path } = await made(server, user('b', { displayName: 'Babs' }))
    const team = await made(server, group('Team', [id]))
    expect((await server.get(team.path)).json.members).toEqual([
      { value: id, type: 'User', $ref: `${base}${path}`, display: 'Babs' },
    ])
    expect((await server.get(path)).json.groups).toEqual([
      { value: team.id, $ref: `${base}${team.path}`, display: 'Team', type: 'direct' },
    ])
  })

  test('a group’s tag moves with its members, the user’s does not (ADR 8)', async () => {
    const server = serve()
    const one = await made(server, user('one'))
    const team = await made(server, group('Team'))
    const { headers } = await server.patch(team.path, [{ op: 'add', path: 'members', value: [{ value: one.id }] }])
    // Rows are outside the digest.
    expect(withoutNonce(headers.ETag)).toBe(withoutNonce(team.tag.replace('1-', '2-')))
    expect((await server.get(one.path)).headers.ETag).toBe(one.tag)
    server.pass(1_000)
    await server.del(one.path)
    const after = await server.get(team.path)
    expect(withoutNonce(after.headers.ETag)).toBe(withoutNonce(team.tag.replace('1-', '3-')))
    expect(after.json).not.toHaveProperty('members')
    expect(after.json.meta).toMatchObject({ lastModified: '2026-01-01T00:00:01.000Z' })
  })

  test('removing a non-member by filter: 2xx, same version, in every mode (IDP-14)', async () => {
    for (const interop of ['lenient', 'entra', 'strict'] as const) {
      const server = serve({ interop })
      const team = await made(server, group('Team', ['a']))
      const answer = await server.patch(team.path, [{ op: 'remove', path: 'members[value eq "z"]' }])
      expect(answer).toMatchObject({ status: 200, headers: { ETag: team.tag } })
    }
  })

  const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `m${i}`)

  test('PATCH answers 200 up to 100 members, 204 with ETag above, 200 where attributes are asked for', async () => {
    const server = serve()
    const team = await made(server, group('Team', ids(99)))
    const add = (id: string) => [{ op: 'add', path: 'members', value: [{ value: id }] }]
    const hundred = await server.patch(team.path, add('m99'))
    expect(hundred.status).toBe(200)
    expect(hundred.json.members).toHaveLength(100)
    const more = await server.patch(team.path, add('m100'))
    expect(more).toMatchObject({ status: 204, text: null })
    expect(more.headers).toEqual({
      'Cache-Control': 'no-store',
      ETag: expect.stringMatching(`${withoutNonce(team.tag.replace('1-', '3-'))}-[0-9a-f]{12}"`),
      Vary: 'Accept, Authorization',
      'X-Content-Type-Options': 'nosniff',
    })
    expect((await server.get(team.path)).headers.ETag).toBe(more.headers.ETag)
    // RFC 7644 §3.5.2: with `attributes` the answer MUST be 200.
    const asked = await server.patch(`${team.path}?attributes=displayName`, add('m101'))
    expect(asked).toMatchObject({ status: 200, json: { displayName: 'Team' } })
    const without = await server.patch(`${team.path}?excludedAttributes=members`, add('m102'))
    expect(without.status).toBe(200)
    expect(without.json).not.toHaveProperty('members')
    const whole = await server.patch(`${team.path}?attributes=members`, add('m103'))
    expect(whole.json.members).toHaveLength(104)
    // A rename of a large group says no members either.
    expect((await server.patch(team.path, [{ op: 'replace', value: { displayName: 'T' } }])).status).toBe(204)
    // PUT always answers with the resource.
    expect((await server.put(team.path, group('T', ids(150)))).json.members).toHaveLength(150)
  })

  test('a group may be larger than a user (Okta PUTs whole groups)', async () => {
    const server = serve({ limits: { bodyBytes: 200, groupBodyBytes: 5_000 } })
    expect((await server.post('/Users', user('b', { title: 'x'.repeat(300) }))).status).toBe(413)
    expect((await server.post('/Groups', group('Team', ids(50)))).status).toBe(201)
  })

  test('a manager is shown with $ref and name, looked up (IDP-8)', async () => {
    const server = serve()
    const boss = await made(server, user('boss', { displayName: 'The Boss' }))
    const { json } = await server.post('/Users', user('b', { [enterprise]: { manager: boss.id } }))
    expect(json[enterprise]).toEqual({
      manager: { value: boss.id, $ref: `${base}${boss.path}`, displayName: 'The Boss' },
    })
  })
})

describe('projection in every answer about a resource (RFC 7644 §3.9)', () => {
  test('POST, GET, PUT, PATCH: only the requested attributes, and still the ETag', async () => {
    const server = serve()
    const body = user('b', { title: 'T', emails: [{ value: 'a', type: 'work' }] })
    const created = await server.post('/Users?attributes=title', body)
    expect(created.json).toEqual({ schemas: [core], id: created.json.id, title: 'T' })
    const path = `/Users/${String(created.json.id)}`
    for (const answer of [
      await server.get(`${path}?attributes=title`),
      await server.put(`${path}?attributes=title`, body),
      await server.patch(`${path}?attributes=title`, [{ op: 'add', path: 'title', value: 'T' }]),
    ]) {
      expect(answer.json).toEqual(created.json)
      expect(answer.headers.ETag).toBe(created.headers.ETag)
    }
    const without = (await server.get(`${path}?excludedAttributes=emails.type,title,meta`)).json
    expect(without).toEqual({ schemas: [core], id: created.json.id, userName: 'b', emails: [{ value: 'a' }] })
    expect(await server.get(`${path}?attributes=title&excludedAttributes=emails`)).toMatchObject({
      status: 400,
      json: { scimType: 'invalidValue' },
    })
    expect((await server.get(`${path}?attributes=&excludedAttributes=`)).json).toHaveProperty('meta')
  })

  test('304 and 412 ignore the projection', async () => {
    const server = serve()
    const { path, tag } = await made(server, user('b'))
    expect((await server.get(`${path}?attributes=userName`, { 'if-none-match': tag })).status).toBe(304)
  })
})
