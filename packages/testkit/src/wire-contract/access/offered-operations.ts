/**
 * Resource types that do not offer every operation: 405 with `Allow` on every path, and announced by /ResourceTypes.
 * @see RFC 7644 §3.2; RFC 9110 §15.5.6
 */
import type { Answer } from '../answer.js'
import { bulk, expectResultError, expectStatuses, newGroup, newUser, removal, titling } from '../bulk-operations.js'
import { groupBody, otherTag, searchUrn, userBody } from '../client.js'
import { expectError, expectSame, expectStatus, expectThat, listAt, metaOf } from '../expect.js'
import { remove } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const citation = 'RFC 9110 §15.5.6, §10.2.1'
const ofUser = 'GET, HEAD, PUT, PATCH'
const readAlone = 'GET, HEAD'

function expectAllow(answer: Answer, allow: string): Answer {
  expectSame(expectError(answer, 405).headers.allow, allow, `${answer.about}: Allow`)
  return answer
}

const cases: readonly WireCase[] = [
  must(
    'operations-delete-405',
    'DELETE of a type that does not offer it is 405, and Allow lists the offered methods',
    citation,
    async (client) => {
      const user = await client.makeUser()
      expectAllow(await client.remove(user.path), ofUser)
      const now = expectStatus(await client.get(user.path), 200)
      expectSame([now.json, now.tag], [user.json, user.tag], 'the resource')
      const body = userBody({ userName: user.name, title: 'put' })
      expectStatus(await client.put(user.path, body), 200, { title: 'put' })
      expectStatus(await client.patch(user.path, remove('title')), 200)
    },
  ),
  must(
    'operations-read-only-405',
    'every write of a read-only type is 405, at the collection and at each resource',
    citation,
    async (client) => {
      expectAllow(await client.post('/Groups', groupBody()), readAlone)
      const path = '/Groups/no-such-group'
      expectAllow(await client.put(path, groupBody()), readAlone)
      expectAllow(await client.patch(path, remove('members')), readAlone)
      expectAllow(await client.remove(path), readAlone)
      expectStatus(await client.get('/Groups?count=0'), 200, { totalResults: 0 })
      expectStatus(await client.head('/Groups?count=0'), 200)
      expectStatus(await client.post('/Groups/.search', { schemas: [searchUrn], count: 0 }), 200)
      expectStatus(await client.get('/?count=0'), 200)
      expectError(await client.get(path), 404)
    },
  ),
  must('operations-allow', 'other 405 responses have the same methods in Allow', citation, async (client) => {
    const { path } = await client.makeUser()
    const headers = { Accept: 'application/scim+json' }
    for (const [method, where, allow] of [
      ['OPTIONS', '/Users', 'GET, HEAD, POST'],
      ['DELETE', '/Users', 'GET, HEAD, POST'],
      ['OPTIONS', '/Groups', readAlone],
      ['OPTIONS', path, ofUser],
      ['OPTIONS', '/Groups/no-such-group', readAlone],
    ] as const) {
      expectAllow(await client.send({ method, path: where, headers }), allow)
    }
  }),
  should(
    'operations-405-first',
    '405 takes precedence over other errors: precondition, media type, body, an unknown id',
    'RFC 9110 §13.2.1, §15.5.6; FP-V8',
    async (client) => {
      const { path } = await client.makeUser()
      expectAllow(await client.remove(path, { 'If-Match': otherTag }), ofUser)
      expectAllow(await client.remove(path, { 'If-None-Match': '*' }), ofUser)
      expectAllow(await client.remove('/Users/no-such-user'), ofUser)
      expectAllow(await client.post('/Groups', 'x', { 'Content-Type': 'text/plain' }), readAlone)
      expectAllow(await client.post('/Groups', '{'), readAlone)
      expectAllow(await client.post('/Groups?attributes=a&excludedAttributes=b', groupBody()), readAlone)
      expectAllow(await client.put('/Groups/x', 'x', { 'Content-Type': 'text/plain' }), readAlone)
    },
  ),
  must(
    'operations-bulk-405',
    'an operation that is not offered fails alone in a bulk request, with 405',
    `RFC 7644 §3.7.3; ${citation}`,
    async (client) => {
      const user = await client.makeUser()
      const operations = [removal(user.path), newGroup('g'), titling(user.path, 'bulk'), newUser('u')]
      const answer = await bulk(client, operations)
      expectStatuses(answer, ['405', '405', '200', '201'])
      for (const place of [0, 1]) expectResultError(answer, place, '405')
      expectStatus(await client.get(user.path), 200, { title: 'bulk' })
    },
  ),
  must(
    'operations-bulk-circle-405',
    'groups that refer to each other are not created if one POST is not offered',
    `RFC 7644 §3.7.1; ${citation}`,
    async (client) => {
      const answer = await bulk(client, [newGroup('a', ['bulkId:b']), newGroup('b', ['bulkId:a'])])
      expectStatuses(answer, ['405', '405'])
      expectStatus(await client.get('/Groups?count=0'), 200, { totalResults: 0 })
    },
  ),
  must(
    'operations-me-405',
    '/Me does not bypass the offered operations',
    `RFC 7644 §3.11; ${citation}`,
    async (client) => {
      const user = await client.makeUser()
      const answer = expectAllow(await client.remove('/Me', { 'X-Caller': user.id }), ofUser)
      expectSame(answer.headers.location, metaOf(user).location, 'Location')
      expectStatus(await client.get('/Me', { 'X-Caller': user.id }), 200)
    },
  ),
  must(
    'operations-me-allow',
    'an unsupported method at /Me is 405, and Allow lists the methods of the type of the resource',
    `RFC 7644 §3.11; ${citation}`,
    async (client) => {
      const user = await client.makeUser()
      const options = (caller: Readonly<Record<string, string>>): Promise<Answer> =>
        client.send({ method: 'OPTIONS', path: '/Me', headers: { Accept: 'application/scim+json', ...caller } })
      const answer = expectAllow(await options({ 'X-Caller': user.id }), ofUser)
      expectSame(answer.headers.location, metaOf(user).location, 'Location')
      // No type here offers DELETE.
      expectAllow(await options({}), ofUser)
    },
  ),
  should(
    'operations-announced',
    'the description in ResourceTypes lists the offered operations, and there are no members beyond RFC 7643 §6',
    'RFC 7643 §6',
    async (client) => {
      const known = ['schemas', 'id', 'name', 'description', 'endpoint', 'schema', 'schemaExtensions', 'meta']
      const described = new Map<unknown, string>()
      const list = expectStatus(await client.get('/ResourceTypes'), 200)
      for (const type of listAt(list.json, 'Resources')) {
        for (const name of Object.keys(type)) expectThat(known.includes(name), `${String(type.name)}: has ${name}`)
        described.set(type.name, String(type.description))
      }
      for (const [name, operations] of [
        ['User', 'create, read, replace, patch'],
        ['Group', 'read'],
      ]) {
        const text = described.get(name) ?? ''
        expectThat(text.endsWith(`Supported operations: ${operations}.`), `${name}: the description is “${text}”`)
      }
    },
  ),
]

/** Types that do not offer everything. */
export const offeredOperations: readonly WireCase[] = on('limitsOperations', cases)
