/** RFC 7240 §2, §4.2: the known parts of `Prefer`, and that nothing in it can fail a request. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { prefersConflictDetails, returnPreference } from '../../src/http/prefer.js'
import type { JsonObject } from '../../src/json/value.js'
import { effort } from '../filter/support/effort.js'
import { errorUrn, group, made, mismatchUrn, serve, user } from '../support/server.js'

test.each<[string | undefined, string | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['return=minimal', 'minimal'],
  ['return=representation', 'representation'],
  ['RETURN=Representation', 'representation'],
  ['return="minimal"', 'minimal'],
  ['return = minimal', 'minimal'],
  ['\treturn=minimal ', 'minimal'],
  ['return=minimal; foo="some parameter"', 'minimal'],
  ['return=minimal;foo=";,return=representation"', 'minimal'],
  ['respond-async, return=minimal, wait=100', 'minimal'],
  ['x="\\", return=minimal', undefined],
  ['x="\\\\", return=minimal', 'minimal'],
  ['return=minimal, return=minimal', 'minimal'],
  ['return=minimal, return=representation', undefined],
  ['return=representation, return=minimal', undefined],
  ['return=minimal, return=other', 'minimal'],
  ['return=', undefined],
  ['return=""', undefined],
  ['return', undefined],
  ['minimal', undefined],
  ['x; return=minimal', undefined],
  ['xreturn=minimal', undefined],
  ['return=minimal2', undefined],
  [`${'x, '.repeat(1_000)}return=minimal`, undefined],
])('Prefer: %.60s is %s', (header, expected) => {
  expect(returnPreference(header)).toBe(expected)
})

test.each<[string | undefined, boolean]>([
  [undefined, false],
  ['', false],
  ['conflict-details', true],
  ['CONFLICT-Details', true],
  [' \tconflict-details ', true],
  ['conflict-details=""', true],
  ['conflict-details = ""', true],
  ['conflict-details=', true],
  ['conflict-details; x=1', true],
  ['return=minimal, conflict-details', true],
  ['conflict-details, return=minimal', true],
  [',,conflict-details,', true],
  ['x="a;b,\\"", conflict-details', true],
  ['conflict-details, conflict-details=all', true],
  ['conflict-details=all, conflict-details', false],
  ['conflict-details=1', false],
  ['"conflict-details"', false],
  ['x="a, conflict-details"', false],
  ['x="a, conflict-details', false],
  ['x; conflict-details', false],
  ['return=conflict-details', false],
  ['conflict-details2', false],
  ['conflict details', false],
  [`${'x, '.repeat(1_000)}conflict-details`, false],
])('Prefer: %.60s requests the conflict: %s', (header, expected) => {
  expect(prefersConflictDetails(header)).toBe(expected)
})

test('no text fails', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'return=minl;," \\\t,') }), (text) => {
      expect([undefined, 'minimal', 'representation']).toContain(returnPreference(text))
      expect([true, false]).toContain(prefersConflictDetails(text))
    }),
    effort(300),
  )
})

describe('answers to writes', () => {
  const minimal = { prefer: 'return=minimal' }
  const representation = { prefer: 'return=representation' }

  test('minimal: headers of each response, and no look-ups for a body that is not sent', async () => {
    const server = serve()
    const created = await server.post('/Users', user('ada'), minimal)
    expect(created).toEqual({
      status: 201,
      headers: {
        'Cache-Control': 'no-store',
        ETag: expect.stringMatching(/^W\/"1-/),
        Location: expect.stringContaining('/Users/id-'),
        'Preference-Applied': 'return=minimal',
        Vary: 'Accept, Authorization',
        'X-Content-Type-Options': 'nosniff',
      },
      text: null,
      json: {},
    })
    const path = `/Users/${String(created.headers.Location).split('/').at(-1)}`
    const put = await server.put(path, user('ada', { title: 'B' }), minimal)
    expect([put.status, put.text, put.headers.ETag]).toEqual([204, null, (await server.get(path)).headers.ETag])
  })

  test('representation of a large group, whole', async () => {
    const server = serve()
    const ids = Array.from({ length: 150 }, (_, i) => `u${i}`)
    const { path } = await made(server, group('all', ids))
    const add = [{ op: 'add', path: 'members', value: [{ value: 'one-more' }] }]
    const answer = await server.patch(path, add, representation)
    expect([answer.status, answer.headers['Preference-Applied']]).toEqual([200, 'return=representation'])
    expect(answer.json.members as readonly JsonObject[]).toHaveLength(151)
    expect((answer.json.meta as JsonObject).version).toBe(answer.headers.ETag)
    expect((await server.patch(path, add)).status).toBe(204)
  })

  test('the response to a POST of it is a 201, also with a projection', async () => {
    const server = serve()
    const answer = await server.post('/Users?attributes=title', user('ada', { title: 'T' }), minimal)
    expect(answer).toMatchObject({ status: 201, json: { title: 'T' } })
    expect(answer.headers).not.toHaveProperty('Preference-Applied')
  })
})

describe('a 412', () => {
  const asking = { 'if-match': 'W/"x"', prefer: 'conflict-details' }

  test('is never stored by a cache, so Vary need not name Prefer', async () => {
    const server = serve()
    const { path } = await made(server, user('ada'))
    for (const answer of [await server.get(path, asking), await server.del(path, asking)]) {
      expect(answer).toMatchObject({ status: 412, headers: { 'Cache-Control': 'no-store' } })
    }
  })

  test.each(['/Users', '/Schemas', '/ServiceProviderConfig'])(
    'of %s is plain, and has the conflict for a client that requests it',
    async (path) => {
      const server = serve({ publicDiscovery: true })
      const resource = await made(server, user('ada'))
      const at = path === '/Users' ? resource.path : path
      const plain = await server.get(at, { 'if-match': 'W/"x"' })
      expect([plain.status, Object.keys(plain.json)]).toEqual([412, ['schemas', 'detail', 'status']])
      const detailed = await server.get(at, asking)
      expect(detailed.json.schemas).toEqual([errorUrn, mismatchUrn])
      expect(detailed.headers['Preference-Applied']).toBe('conflict-details')
      expect({ ...plain.json, [mismatchUrn]: detailed.json[mismatchUrn], schemas: [errorUrn, mismatchUrn] }).toEqual(
        detailed.json,
      )
    },
  )

  test('answered to HEAD has the headers alone', async () => {
    const server = serve()
    const { path } = await made(server, user('ada'))
    const answer = await server.ask({ method: 'HEAD', target: `/scim/v2${path}`, headers: asking })
    expect([answer.status, answer.text, answer.headers['Preference-Applied']]).toEqual([412, null, 'conflict-details'])
  })
})
