/** Many writes in one request. @see RFC 7644 §3.7 */
import type { Json } from '../answer.js'
import {
  bulk,
  bulkRequestUrn,
  expectResultError,
  expectStatuses,
  newGroup,
  newUser,
  patching,
  removal,
  titling,
} from '../bulk-operations.js'
import { type Client, otherTag, userBody } from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, expectThat, objectAt } from '../expect.js'
import { replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'
import { bulkReferences } from './bulk-references.js'

async function limitsOf(client: Client): Promise<{ readonly operations: number; readonly bytes: number }> {
  const { json } = expectStatus(await client.get('/ServiceProviderConfig'), 200, { bulk: { supported: true } })
  const { maxOperations, maxPayloadSize } = objectAt(json, 'bulk')
  return { operations: Number(maxOperations), bytes: Number(maxPayloadSize) }
}

const answers: readonly WireCase[] = [
  must('bulk-advertised', 'bulk is announced, with its limits', 'RFC 7643 §5; RFC 7644 §3.7.4', async (client) => {
    const { operations, bytes } = await limitsOf(client)
    expectThat(Number.isInteger(operations) && operations > 0, `maxOperations: ${operations}`)
    expectThat(Number.isInteger(bytes) && bytes > 0, `maxPayloadSize: ${bytes}`)
  }),
  must(
    'bulk-methods',
    'POST, PUT, PATCH and DELETE in one request: 200, with status, location and version of each',
    'RFC 7644 §3.7, §3.7.3; errata 7898 (status is text)',
    async (client) => {
      const [put, patched, gone] = [await client.makeUser(), await client.makeUser(), await client.makeUser()]
      const answer = await bulk(client, [
        newUser('qwerty'),
        { method: 'PUT', path: put.path, data: userBody({ userName: put.name, title: 'put' }) },
        titling(patched.path, 'patched'),
        removal(gone.path),
      ])
      expectStatuses(answer, ['201', '200', '200', '204'])
      expectSame(
        answer.results.map(({ method }) => method),
        ['POST', 'PUT', 'PATCH', 'DELETE'],
        'methods',
      )
      expectSame([1, 2, 3].map(answer.pathOf), [put.path, patched.path, gone.path], 'locations')
      for (const place of [0, 1, 2]) {
        const { tag, json } = expectStatus(await client.get(answer.pathOf(place)), 200)
        expectSame(answer.results[place]?.version, tag, 'version beside the ETag')
        expectSame(objectAt(json, 'meta').location, answer.results[place]?.location, 'location beside meta.location')
      }
      expectStatus(await client.get(put.path), 200, { title: 'put' })
      expectStatus(await client.get(patched.path), 200, { title: 'patched' })
      expectStatus(await client.get(gone.path), 404)
    },
  ),
  must('bulk-id-returned', 'the result of a POST has its bulkId', 'RFC 7644 §3.7', async (client) => {
    const { results } = await bulk(client, [newUser('a b/"ü'), newGroup('2')])
    expectSame(
      results.map(({ bulkId }) => bulkId),
      ['a b/"ü', '2'],
      'bulkIds',
    )
  }),
  must(
    'bulk-errors',
    'a failed operation has the error of a single request; the others are carried out',
    'RFC 7644 §3.7 (MUST continue), §3.7.3; errata 7916',
    async (client) => {
      const user = await client.makeUser()
      const answer = await bulk(client, [
        newUser('taken', { userName: user.name }),
        newUser('nameless', { userName: null }),
        removal('/Users/no-such-user'),
        titling(user.path, 'x', { version: otherTag }),
        patching(user.path, [replace('id', 'x')]),
        'junk',
        newUser('fine'),
      ])
      expectStatuses(answer, ['409', '400', '404', '412', '400', '400', '201'])
      expectResultError(answer, 0, '409', 'uniqueness')
      expectResultError(answer, 1, '400', 'invalidValue')
      expectResultError(answer, 2, '404')
      expectResultError(answer, 3, '412')
      expectResultError(answer, 4, '400', 'mutability')
      expectResultError(answer, 5, '400', 'invalidSyntax')
      // A failed POST has no location; all others have.
      expectSame(
        answer.results.slice(0, 2).map(({ location }) => location),
        [undefined, undefined],
        'locations',
      )
      expectSame([3, 4].map(answer.pathOf), [user.path, user.path], 'locations')
      expectSame((await client.get(user.path)).tag, user.tag, 'ETag')
      expectStatus(await client.get(answer.pathOf(6)), 200)
    },
  ),
  must(
    'bulk-order',
    'operations are carried out in the order of the request, each on the state that the previous one left',
    'RFC 7644 §3.7 (the same stateful result); FP-B1',
    async (client) => {
      const user = await client.makeUser()
      const answer = await bulk(client, [
        titling(user.path, 'first'),
        titling(user.path, 'second'),
        removal(user.path),
        titling(user.path, 'third'),
        newUser('again', { userName: user.name }),
      ])
      expectStatuses(answer, ['200', '200', '204', '404', '201'])
    },
  ),
  should(
    'bulk-empty',
    'a request without operations has a response without results',
    'RFC 7644 §3.7',
    async (client) => {
      expectSame((await bulk(client, [])).json.Operations, [], 'Operations')
    },
  ),
]

const failOnErrors: readonly WireCase[] = [
  must(
    'bulk-fail-on-errors',
    'after failOnErrors errors the other operations are not carried out; completed ones are reported and kept',
    'RFC 7644 §3.7 (failOnErrors), §3.7.3',
    async (client) => {
      const last = newUser('last')
      const operations = [newUser('a'), removal('/Users/no-such-user'), newUser('b'), removal('/Users/none'), last]
      const one = await bulk(client, operations, { failOnErrors: 1 })
      expectStatuses(one, ['201', '404'])
      expectStatus(await client.get(one.pathOf(0)), 200)
      const name = objectAt(last, 'data').userName
      expectStatus(await client.find('/Users', `userName eq "${name}"`), 200, { totalResults: 0 })
      const again = [removal('/Users/no-such-user'), newUser('b'), removal('/Users/none'), last]
      expectStatuses(await bulk(client, again, { failOnErrors: 2 }), ['404', '201', '404'])
      expectStatuses(await bulk(client, [removal('/Users/none'), last], { failOnErrors: 2 }), ['404', '201'])
    },
  ),
]

const versions: readonly WireCase[] = [
  must(
    'bulk-version',
    'a version is a precondition: with the current one the operation is carried out, with a stale one it is 412 with the current version',
    'RFC 7644 §3.7 (version), §3.7.3, §3.14; FP-B3',
    async (client) => {
      const users = [await client.makeUser(), await client.makeUser(), await client.makeUser()] as const
      const [put, patched, gone] = users
      const writes = (version: (tag: string) => string): readonly Json[] => [
        {
          method: 'PUT',
          path: put.path,
          version: version(put.tag),
          data: userBody({ userName: put.name, title: 'x' }),
        },
        titling(patched.path, 'x', { version: version(patched.tag) }),
        removal(gone.path, { version: version(gone.tag) }),
      ]
      const refused = await bulk(
        client,
        writes(() => otherTag),
      )
      for (const [place, { tag, path }] of users.entries()) {
        expectResultError(refused, place, '412')
        expectSame(refused.results[place]?.version, tag, 'version')
        expectSame((await client.get(path)).tag, tag, 'ETag')
      }
      expectStatuses(
        await bulk(
          client,
          writes((tag) => tag),
        ),
        ['200', '200', '204'],
      )
    },
  ),
  should(
    'bulk-version-junk',
    'an invalid version is 400, never treated as absent; a version without quotes is accepted',
    'RFC 7644 §3.7 (version); ADR 5, 23; FP-B3',
    async (client) => {
      const { path, tag } = await client.makeUser()
      const junk = ['', 'W/"x', 7, ['W/"x"'], 'a b']
      const answer = await bulk(
        client,
        junk.map((version) => titling(path, 'x', { version })),
      )
      for (const place of junk.keys()) expectResultError(answer, place, '400', 'invalidValue')
      expectSame((await client.get(path)).tag, tag, 'ETag')
      const bare = tag.slice(tag.indexOf('"') + 1, -1)
      expectStatuses(
        await bulk(client, [titling(path, 'x', { version: bare }), titling(path, 'y', { version: bare })]),
        ['200', '412'],
      )
    },
  ),
  should(
    'bulk-version-post',
    'a version on a POST is a precondition that never holds: 412',
    'RFC 7644 §3.7 (version); FP-V11',
    async (client) => {
      const answer = await bulk(client, [{ ...newUser('u'), version: otherTag }])
      expectResultError(answer, 0, '412')
    },
  ),
  ...on('requiresIfMatch', [
    should('bulk-required', 'if If-Match is required, a version is required', 'RFC 6585 §3; ADR 7', async (client) => {
      const { path, tag } = await client.makeUser()
      const answer = await bulk(client, [
        titling(path, 'x'),
        titling(path, 'x', { version: tag }),
        newGroup('g', ['bulkId:g']),
      ])
      expectResultError(answer, 0, '428')
      expectStatuses(answer, ['428', '200', '201'])
    }),
  ]),
  ...on('strictTags', [
    should(
      'bulk-strict-tags',
      'with strict tags, the versions of a bulk response are valid preconditions',
      'RFC 9110 §8.8.3',
      async (client) => {
        const { path, tag } = await client.makeUser()
        const first = await bulk(client, [titling(path, 'x', { version: tag })])
        const version = first.results[0]?.version
        expectStatuses(await bulk(client, [titling(path, 'y', { version }), titling(path, 'z', { version })]), [
          '200',
          '412',
        ])
      },
    ),
  ]),
]

const refusals: readonly WireCase[] = [
  must(
    'bulk-operations-413',
    'too many operations are 413 that names the limit, and nothing is carried out',
    'RFC 7644 §3.7.4',
    async (client) => {
      const { operations } = await limitsOf(client)
      const first = newUser('u')
      const Operations = [first, ...Array.from({ length: operations }, () => removal('/Users/x'))]
      const answer = expectError(await client.post('/Bulk', { schemas: [bulkRequestUrn], Operations }), 413)
      expectThat(
        String(answer.json.detail).includes(String(operations)),
        `${answer.about}: expected the limit in the detail`,
      )
      const name = objectAt(first, 'data').userName
      expectStatus(await client.find('/Users', `userName eq "${name}"`), 200, { totalResults: 0 })
    },
  ),
  must('bulk-bytes-413', 'too many bytes are 413 that names the limit', 'RFC 7644 §3.7.4', async (client) => {
    const { bytes } = await limitsOf(client)
    const answer = expectError(await client.post('/Bulk', ' '.repeat(bytes + 1)), 413)
    expectThat(String(answer.json.detail).includes(String(bytes)), `${answer.about}: expected the limit in the detail`)
  }),
  should('bulk-post-only', '/Bulk accepts only POST: 405', 'RFC 7644 §3.2, §3.7; RFC 9110 §15.5.6', async (client) => {
    for (const answer of [await client.get('/Bulk'), await client.put('/Bulk', {}), await client.remove('/Bulk')]) {
      expectError(answer, 405)
      expectSame(answer.headers.allow, 'POST', 'Allow')
    }
    expectError(await client.post('/Bulk/x', {}), 404)
  }),
  should('bulk-request-400', 'a body that is not a BulkRequest is 400', 'RFC 7644 §3.7, §3.12', async (client) => {
    const Operations = [newUser('u')]
    for (const body of [
      [],
      {},
      { schemas: [bulkRequestUrn] },
      { schemas: [bulkRequestUrn], Operations: {} },
      { schemas: ['urn:x'], Operations },
      { schemas: [bulkRequestUrn], Operations, failOnErrors: 0 },
      { schemas: [bulkRequestUrn], Operations, failOnErrors: 'one' },
    ]) {
      expectError(await client.post('/Bulk', body), 400, ['invalidSyntax', 'invalidValue'])
    }
    expectError(await client.post('/Bulk', '{"Operations":[', {}), 400, 'invalidSyntax')
    expectError(await client.post('/Bulk', '{}', { 'Content-Type': 'text/plain' }), 415)
  }),
  should(
    'bulk-operation-errors',
    'an invalid operation is an error of that operation',
    'RFC 7644 §3.7',
    async (client) => {
      const good = newUser('u')
      const wrong: readonly (readonly [unknown, string])[] = [
        [{ ...good, method: 'GET' }, '400'],
        [{ ...good, method: undefined }, '400'],
        [{ ...good, path: undefined }, '400'],
        [{ ...good, data: undefined }, '400'],
        [{ ...good, bulkId: undefined }, '400'],
        [{ ...good, bulkId: '' }, '400'],
        [{ ...good, path: '/Nothing' }, '404'],
        [{ ...good, path: '/Bulk' }, '404'],
        [{ ...good, path: '/Users/x' }, '405'],
        [removal('/Users'), '405'],
        [null, '400'],
      ]
      const answer = await bulk(
        client,
        wrong.map(([operation], i) =>
          i < 4 || (i > 5 && i < 9) ? { ...(operation as Json), bulkId: `${i}` } : operation,
        ),
      )
      expectStatuses(
        answer,
        wrong.map(([, status]) => status),
      )
      for (const [place, [, status]] of wrong.entries()) expectResultError(answer, place, status)
    },
  ),
  should(
    'bulk-if-match-412',
    'If-Match never holds for a bulk request: 412, never ignored; If-None-Match has no effect',
    'RFC 9110 §13.1.1; ADR 6; FP-V11',
    async (client) => {
      const { path, tag } = await client.makeUser()
      const body = { schemas: [bulkRequestUrn], Operations: [titling(path, 'x')] }
      expectError(await client.post('/Bulk', body, { 'If-Match': tag }), 412)
      expectSame((await client.get(path)).tag, tag, 'ETag')
      expectStatuses(await bulk(client, body.Operations, {}, { 'If-None-Match': '*' }), ['200'])
    },
  ),
  ...on('strict', [
    should(
      'bulk-strict-schemas',
      'strict: schemas must name the message',
      'RFC 7644 §3.7; RFC 7643 §3',
      async (client) => {
        expectError(await client.post('/Bulk', { Operations: [] }), 400, 'invalidSyntax')
        expectStatuses(await bulk(client, [newGroup('a', ['bulkId:b']), newGroup('b', ['bulkId:a'])]), ['201', '201'])
      },
    ),
  ]),
  ...on('otherTenant', [
    must(
      'bulk-tenant',
      'operations on resources of another tenant are 404',
      'RFC 7644 §6; SEC-5',
      async (_client, ask) => {
        const own = await ask('exchange').makeUser()
        const answer = await bulk(ask('otherTenant'), [titling(own.path, 'x'), removal(own.path)])
        expectStatuses(answer, ['404', '404'])
        expectAbsent(expectStatus(await ask('exchange').get(own.path), 200), 'title')
      },
    ),
  ]),
]

/** POST /Bulk. */
export const bulkRequests: readonly WireCase[] = [
  ...answers,
  ...failOnErrors,
  ...versions,
  ...refusals,
  ...bulkReferences,
]
